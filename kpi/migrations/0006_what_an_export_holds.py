from django.db import migrations, models


def tell_lists_apart(apps, schema_editor):
    """Until now a PDF was the list of providers and nothing else was."""
    apps.get_model("kpi", "ExportJob").objects.filter(kind="pdf").update(what="aanbieders")


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0005_lists_as_pdf'),
    ]

    operations = [
        migrations.AddField(
            model_name='exportjob',
            name='what',
            field=models.CharField(choices=[('cijfers', 'Alle cijfers'), ('aanbieders', 'Lijst van aanbieders'), ('bevindingen', 'Lijst van bevindingen')], default='cijfers', max_length=12, verbose_name='inhoud'),
        ),
        migrations.AlterField(
            model_name='exportjob',
            name='kind',
            field=models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'XLSX'), ('pdf', 'PDF')], max_length=4, verbose_name='bestand'),
        ),
        migrations.RunPython(tell_lists_apart, migrations.RunPython.noop),
    ]
