"""Lists of what is disposed of, what holds cases back, and packages for the archive."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0031_what_is_left_of_cases'),
        ('orgs', '0005_until_when_posts_were_held'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('retention', models.CharField(max_length=40)),
                ('retention_list', models.CharField(max_length=81)),
                ('year', models.PositiveSmallIntegerField()),
                ('reason', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('cases_gone', models.PositiveIntegerField(default=0)),
                ('files_gone', models.PositiveIntegerField(default=0)),
                ('confirmed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
            ],
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('retention_list', models.CharField(max_length=81)),
                ('manifest_digest', models.CharField(max_length=64, unique=True)),
                ('cases', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('receipt', models.CharField(blank=True, max_length=80)),
                ('received_date', models.DateField(blank=True, null=True)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
            ],
        ),
        migrations.CreateModel(
            name='HandedOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handed_over', to='cases.case')),
                ('hand_over', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contents', to='retention.handover')),
            ],
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('set_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('why_lifted', models.TextField(blank=True)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='cases.case')),
                ('lifted_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('left', 'Kept after all')], default='waiting', max_length=8)),
                ('why', models.CharField(blank=True, choices=[('held', 'It is held'), ('open', 'It was reopened'), ('not_yet', 'Its time is not over'), ('not_handed_over', 'The archive has not received it yet'), ('referred_to', 'A part or duplicate of it is still kept')], max_length=16)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('disposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='retention.disposal')),
            ],
        ),
        migrations.AddIndex(
            model_name='disposal',
            index=models.Index(condition=models.Q(('confirmed_at__isnull', False), ('done_at', None), ('withdrawn_at', None)), fields=['confirmed_at'], name='disposal_to_carry_out'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='nobody_confirms_their_own_disposal_list'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='disposal_list_is_confirmed_by_somebody_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='disposal_list_always_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cases_gone', 0), ('done_at', None), ('files_gone', 0)), ('confirmed_at__isnull', False), _connector='OR'), name='nothing_is_disposed_of_without_a_second_officer'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('done_at', None), _connector='OR'), name='disposal_list_is_withdrawn_or_done'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('receipt', ''), ('received_at', None), ('received_date', None)), models.Q(('received_at__isnull', False), ('received_date__isnull', False), models.Q(('receipt', ''), _negated=True)), _connector='OR'), name='hand_over_is_received_with_a_receipt_and_its_day'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('cases__gt', 0)), name='hand_over_is_never_empty'),
        ),
        migrations.AddConstraint(
            model_name='handedover',
            constraint=models.UniqueConstraint(fields=('hand_over', 'case'), name='case_once_in_a_hand_over'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case', None), ('unit__isnull', False)), models.Q(('case__isnull', False), ('unit', None)), _connector='OR'), name='hold_is_on_a_case_or_on_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hold_always_says_why'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None), ('why_lifted', '')), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('why_lifted', ''), _negated=True)), _connector='OR'), name='hold_is_lifted_by_somebody_with_a_reason'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['case'], name='disposal_item_by_case'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('case',), name='case_is_on_one_disposal_list_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), ('why', '')), models.Q(('state', 'left'), models.Q(('why', ''), _negated=True)), _connector='OR'), name='case_that_is_kept_after_all_says_why'),
        ),
    ]
