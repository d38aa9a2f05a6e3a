"""What is stored: tables, views, roles, audit triggers, migrations, catalog and the demo company."""
