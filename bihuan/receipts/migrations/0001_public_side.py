"""The public's side of cases, which lay in `cases` until now; its tables are there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0041_tables_of_the_public_side"),
        ("clocks", "0002_clocks_of_every_subject"),
        ("orgs", "0005_until_when_posts_were_held"),
    ]
    run_before = [("cases", "0042_public_side_leaves")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='DisposedCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code_hash', models.BinaryField(max_length=32, unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='ReceiptKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('label', models.CharField(max_length=16, unique=True)),
                        ('public_key', models.CharField(max_length=64)),
                        ('since_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='FollowUp',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('said_at', models.DateTimeField()),
                        ('done_at', models.DateTimeField(blank=True, null=True)),
                        ('answer', models.TextField(blank=True)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='cases.case')),
                        ('clock', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='follow_up', to='clocks.clock')),
                        ('done_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.user')),
                        ('handled_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.user')),
                    ],
                ),
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slot', models.CharField(default='reporter', max_length=12)),
                        ('kind', models.CharField(choices=[('question', 'Question'), ('answer', 'Answer'), ('addition', 'Addition'), ('notice', 'Notice'), ('letter', 'Letter')], max_length=10)),
                        ('what', models.CharField(blank=True, max_length=30)),
                        ('detail', models.JSONField(default=dict)),
                        ('text', models.TextField(blank=True)),
                        ('said_at', models.DateTimeField()),
                        ('seen_at', models.DateTimeField(blank=True, null=True)),
                        ('form_key', models.UUIDField(blank=True, null=True, unique=True)),
                        ('answers', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_by', to='receipts.message')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='cases.case')),
                        ('member', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.user')),
                        ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
                    ],
                ),
                migrations.CreateModel(
                    name='Publication',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=200)),
                        ('text', models.TextField(blank=True)),
                        ('answer', models.TextField(blank=True)),
                        ('place', models.CharField(blank=True, max_length=200)),
                        ('latitude', models.FloatField(blank=True, null=True)),
                        ('longitude', models.FloatField(blank=True, null=True)),
                        ('me_too', models.PositiveIntegerField(default=0)),
                        ('published_at', models.DateTimeField()),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                        ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='publication', to='cases.case')),
                    ],
                ),
                migrations.CreateModel(
                    name='Rating',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('stage', models.CharField(max_length=16)),
                        ('round', models.PositiveSmallIntegerField(default=0)),
                        ('solved', models.BooleanField()),
                        ('stars', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('words', models.TextField(blank=True)),
                        ('rated_at', models.DateTimeField()),
                        ('form_key', models.UUIDField(blank=True, null=True, unique=True)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='cases.case')),
                        ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='receipts.followup')),
                        ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
                    ],
                ),
                migrations.CreateModel(
                    name='Seal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slot', models.CharField(default='reporter', max_length=12)),
                        ('wrapped_key', models.TextField(blank=True)),
                        ('content', models.TextField(blank=True)),
                        ('sealed_at', models.DateTimeField()),
                        ('erased_at', models.DateTimeField(blank=True, null=True)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seals', to='cases.case')),
                    ],
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('next_at', models.DateTimeField(blank=True, null=True)),
                        ('tries', models.PositiveSmallIntegerField(default=0)),
                        ('sent_at', models.DateTimeField(blank=True, null=True)),
                        ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='delivery', to='receipts.message')),
                        ('seal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='receipts.seal')),
                    ],
                ),
                migrations.CreateModel(
                    name='SealKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('label', models.CharField(max_length=12)),
                        ('probe', models.TextField()),
                        ('first_used_at', models.DateTimeField()),
                        ('retired_at', models.DateTimeField(blank=True, null=True)),
                        ('lost_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('label',), name='one_probe_for_each_seal_key')],
                    },
                ),
                migrations.CreateModel(
                    name='TrackingCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slot', models.CharField(default='reporter', max_length=12)),
                        ('code_hash', models.BinaryField(blank=True, max_length=32, null=True, unique=True)),
                        ('quick_hash', models.BinaryField(blank=True, max_length=32, null=True, unique=True)),
                        ('sealed_code', models.TextField(blank=True)),
                        ('content_digest', models.CharField(max_length=64)),
                        ('given_at', models.DateTimeField()),
                        ('is_from_desk', models.BooleanField(default=False)),
                        ('renewed_at', models.DateTimeField(blank=True, null=True)),
                        ('renewals', models.PositiveSmallIntegerField(default=0)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='cases.case')),
                    ],
                ),
                migrations.CreateModel(
                    name='SpentCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code_hash', models.BinaryField(max_length=32, unique=True)),
                        ('spent_at', models.DateTimeField()),
                        ('code', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spent', to='receipts.trackingcode')),
                    ],
                ),
                migrations.CreateModel(
                    name='HeldAct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('act', models.CharField(max_length=24)),
                        ('said', models.JSONField(default=dict)),
                        ('held_at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('is_confirmed', models.BooleanField(blank=True, null=True)),
                        ('note', models.TextField(blank=True)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='cases.case')),
                        ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.user')),
                        ('member', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.user')),
                        ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
                        ('code', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='receipts.trackingcode')),
                    ],
                ),
                migrations.CreateModel(
                    name='UnsealRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.TextField()),
                        ('asked_at', models.DateTimeField()),
                        ('allowed_at', models.DateTimeField(blank=True, null=True)),
                        ('opened_at', models.DateTimeField(blank=True, null=True)),
                        ('until_at', models.DateTimeField()),
                        ('is_danger', models.BooleanField(default=False)),
                        ('allowed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.user')),
                        ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.user')),
                        ('seal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unseal_requests', to='receipts.seal')),
                    ],
                ),
                migrations.CreateModel(
                    name='Amendment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slot', models.CharField(max_length=12)),
                        ('thing', models.CharField(max_length=24)),
                        ('told_at', models.DateTimeField()),
                        ('wants', models.CharField(choices=[('correct', 'Correct it'), ('erase', 'Erase it')], max_length=8)),
                        ('right_words', models.TextField(blank=True)),
                        ('reason', models.TextField(blank=True)),
                        ('asked_at', models.DateTimeField()),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('outcome', models.CharField(blank=True, choices=[('granted', 'Granted'), ('partly', 'Granted in part'), ('refused', 'Refused')], max_length=8)),
                        ('answer', models.TextField(blank=True)),
                        ('basis', models.CharField(blank=True, max_length=12)),
                        ('is_held', models.BooleanField(db_default=False, default=False)),
                        ('form_key', models.UUIDField(unique=True)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amendments', to='cases.case')),
                        ('clock', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='amendment', to='clocks.clock')),
                        ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.user')),
                        ('handled_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.user')),
                        ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('decided_at', None), ('withdrawn_at', None)), fields=['case'], name='amendment_open')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at', None), ('withdrawn_at', None)), fields=('case', 'slot', 'thing'), name='one_amendment_open_for_each_thing'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('outcome', ''), ('unit', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome__in', ['granted', 'partly', 'refused']), ('unit__isnull', False)), _connector='OR'), name='amendment_is_decided_by_somebody_for_a_unit'), models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('decided_at', None), _connector='OR'), name='withdrawn_amendment_is_never_decided'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['partly', 'refused']), _negated=True), models.Q(models.Q(('answer', ''), _negated=True), models.Q(('basis', ''), _negated=True)), _connector='OR'), name='refused_amendment_always_says_why_and_by_what_law'), models.CheckConstraint(condition=models.Q(('is_held', False), ('outcome', 'refused'), _connector='OR'), name='nothing_of_a_held_case_is_ever_erased_or_corrected'), models.CheckConstraint(condition=models.Q(models.Q(('basis', 'held'), _negated=True), ('is_held', True), _connector='OR'), name='refusal_names_a_hold_only_where_there_is_one'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('wants', 'correct'), ('withdrawn_at', None), _negated=True), models.Q(('right_words', ''), _negated=True), _connector='OR'), name='open_correction_always_brings_the_right_words'), models.CheckConstraint(condition=models.Q(models.Q(('wants', 'erase'), _negated=True), ('right_words', ''), _connector='OR'), name='erasure_never_brings_words'), models.CheckConstraint(condition=models.Q(('decided_by', None), ('handled_by', None), models.Q(('decided_by', models.F('handled_by')), _negated=True), _connector='OR'), name='whoever_handled_it_never_decides_what_is_amended')],
                    },
                ),
                migrations.AddIndex(
                    model_name='followup',
                    index=models.Index(condition=models.Q(('done_at', None)), fields=['case'], name='unsolved_open'),
                ),
                migrations.AddConstraint(
                    model_name='followup',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='unsolved_is_done_by_somebody_with_an_answer'),
                ),
                migrations.AddConstraint(
                    model_name='followup',
                    constraint=models.CheckConstraint(condition=models.Q(('done_by', None), ('handled_by', None), models.Q(('done_by', models.F('handled_by')), _negated=True), _connector='OR'), name='whoever_handled_it_never_looks_into_it'),
                ),
                migrations.AddIndex(
                    model_name='message',
                    index=models.Index(fields=['case', 'slot', 'said_at'], name='message_by_case'),
                ),
                migrations.AddIndex(
                    model_name='message',
                    index=models.Index(condition=models.Q(('kind__in', ['answer', 'addition']), ('seen_at', None)), fields=['said_at'], name='message_unread'),
                ),
                migrations.AddConstraint(
                    model_name='message',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['answer', 'addition']), ('member', None), ('unit', None)), ('kind__in', ['question', 'notice', 'letter']), _connector='OR'), name='message_comes_from_the_office_or_the_reporter'),
                ),
                migrations.AddIndex(
                    model_name='publication',
                    index=models.Index(condition=models.Q(('withdrawn_at', None)), fields=['-published_at'], name='publication_shown'),
                ),
                migrations.AddIndex(
                    model_name='rating',
                    index=models.Index(fields=['unit', 'rated_at'], name='rating_by_unit'),
                ),
                migrations.AddConstraint(
                    model_name='rating',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('item', None), ('solved', True)), models.Q(('item__isnull', False), ('solved', False)), _connector='OR'), name='not_solved_always_has_its_item'),
                ),
                migrations.AddConstraint(
                    model_name='rating',
                    constraint=models.CheckConstraint(condition=models.Q(('stars', None), ('stars__range', (1, 5)), _connector='OR'), name='stars_are_one_to_five'),
                ),
                migrations.AddConstraint(
                    model_name='seal',
                    constraint=models.UniqueConstraint(fields=('case', 'slot'), name='one_seal_for_each_slot'),
                ),
                migrations.AddConstraint(
                    model_name='seal',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('erased_at', None), models.Q(('content', ''), _negated=True), models.Q(('wrapped_key', ''), _negated=True)), models.Q(('content', ''), ('erased_at__isnull', False), ('wrapped_key', '')), _connector='OR'), name='seal_is_empty_exactly_when_erased'),
                ),
                migrations.AddIndex(
                    model_name='delivery',
                    index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='delivery_waiting'),
                ),
                migrations.AddConstraint(
                    model_name='trackingcode',
                    constraint=models.UniqueConstraint(fields=('case', 'slot'), name='one_code_for_each_slot'),
                ),
                migrations.AddConstraint(
                    model_name='trackingcode',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('renewals', 0), ('renewed_at', None)), models.Q(('renewals__gt', 0), ('renewed_at__isnull', False)), _connector='OR'), name='renewed_code_says_when'),
                ),
                migrations.AddConstraint(
                    model_name='trackingcode',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('code_hash__isnull', False), ('quick_hash', None), ('sealed_code', '')), models.Q(('code_hash', None), ('quick_hash__isnull', False), models.Q(('sealed_code', ''), _negated=True)), _connector='OR'), name='code_is_hardened_or_waits_for_it'),
                ),
                migrations.AddConstraint(
                    model_name='heldact',
                    constraint=models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('code', 'act'), name='act_is_held_once'),
                ),
                migrations.AddConstraint(
                    model_name='heldact',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('is_confirmed', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('is_confirmed__isnull', False), models.Q(('note', ''), _negated=True)), _connector='OR'), name='held_act_is_decided_by_somebody_with_a_reason'),
                ),
                migrations.AddConstraint(
                    model_name='heldact',
                    constraint=models.CheckConstraint(condition=models.Q(('member', None), ('decided_by', None), models.Q(('decided_by', models.F('member')), _negated=True), _connector='OR'), name='nobody_decides_what_they_entered'),
                ),
                migrations.AddConstraint(
                    model_name='unsealrequest',
                    constraint=models.CheckConstraint(condition=models.Q(('allowed_by', None), models.Q(('allowed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_allows_their_own_opening'),
                ),
                migrations.AddConstraint(
                    model_name='unsealrequest',
                    constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='opening_always_has_a_reason'),
                ),
                migrations.AddConstraint(
                    model_name='unsealrequest',
                    constraint=models.CheckConstraint(condition=models.Q(('is_danger', False), ('opened_at', None), ('allowed_by__isnull', False), _connector='OR'), name='in_danger_nobody_opens_alone'),
                ),
            ],
        ),
    ]
