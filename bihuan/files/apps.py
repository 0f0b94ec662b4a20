from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "bihuan.files"
    label = "files"

    def ready(self) -> None:
        from bihuan.web import handbook

        handbook.register("files", "case")
