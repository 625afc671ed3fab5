from django.db import migrations


def drop_totals_that_no_board_shows(apps, schema_editor):
    """Months, seasons and all time are shown of experience alone; they can be counted anew."""
    totals = apps.get_model("badges", "PeriodTotal").objects.exclude(currency="experience")
    totals.exclude(period__contains="-W").delete()


class Migration(migrations.Migration):
    dependencies = [("badges", "0011_orders_of_the_past")]

    operations = [
        migrations.RunPython(drop_totals_that_no_board_shows, migrations.RunPython.noop),
    ]
