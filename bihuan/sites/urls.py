"""The register of sites, and the pages of one site."""

from django.urls import path

from bihuan.sites.views import (
    equipment,
    links,
    making,
    mapped,
    matching,
    papers,
    posters,
    register,
    site,
)

_ONE = "desk/sites/<int:pk>"

app_name = "sites"
urlpatterns = [
    path("desk/sites/", register.register, name="sites"),
    path("desk/sites/export/", register.export, name="export"),
    path("desk/sites/places/", matching.places, name="places"),
    path("desk/sites/places/undo/", matching.undo, name="undo-places"),
    path("desk/sites/new/", making.kinds, name="new"),
    path("desk/sites/new/<slug:kind>/", making.register, name="register-site"),
    path(f"{_ONE}/", site.site, name="site"),
    path(f"{_ONE}/map/", mapped.map_page, name="map"),
    path(f"{_ONE}/change/", making.change, name="change"),
    path(f"{_ONE}/close/", making.close, name="close"),
    path(f"{_ONE}/reopen/", making.reopen, name="reopen"),
    path(f"{_ONE}/move/", making.move, name="move"),
    path(f"{_ONE}/regulators/", making.set_regulators, name="regulators"),
    path(f"{_ONE}/papers/add/", papers.add, name="add-paper"),
    path(f"{_ONE}/papers/<int:paper>/", papers.paper, name="paper"),
    path(f"{_ONE}/papers/<int:paper>/renew/", papers.renew, name="renew-paper"),
    path(f"{_ONE}/papers/<int:paper>/withdraw/", papers.withdraw, name="withdraw-paper"),
    path(f"{_ONE}/equipment/add/", equipment.add, name="add-equipment"),
    path(f"{_ONE}/equipment/<int:item>/", equipment.change, name="change-equipment"),
    path(f"{_ONE}/equipment/<int:item>/remove/", equipment.remove, name="remove-equipment"),
    path(f"{_ONE}/cases/add/", links.add, name="add-case"),
    path(f"{_ONE}/cases/<slug:number>/remove/", links.remove, name="remove-case"),
    path("desk/sites/posters/", posters.choose, name="posters"),
    path("desk/sites/posters/sheet/", posters.sheet, name="poster-sheet"),
    path("desk/sites/posters/units/<str:code>/", posters.unit_poster, name="unit-poster"),
    path(f"{_ONE}/poster/", posters.poster, name="poster"),
]
