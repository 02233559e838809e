"""`python -m databases SERVICE`: makes a service's schema by its own migrations.

Where upstream's migrations refuse SQLite (they alter constraints: Neutron, Magnum, Octavia), the
models make the tables and the migrations are marked as done.
"""

import grp
import os
import pwd
import runpy
import subprocess
import sys
from pathlib import Path

import settings
from patches import schema


def _run(main, *argv: str) -> None:
    sys.argv = list(argv)
    try:
        code = main()
    except SystemExit as end:
        code = end.code
    if code not in (None, 0):
        raise SystemExit(f"{argv} ended with {code!r}")


def _manage(module: str, config: str, *argv: str) -> None:
    """Runs a management command in a process of its own: configuration is global, and parsed
    once."""
    code = (
        "import sys; from patches import schema; schema.apply(); "
        f"from {module} import main; sys.exit(main())"
    )
    config_file = ["--config-file", str(settings.ETC / config)]
    subprocess.check_call([sys.executable, "-c", code, *config_file, *argv])


def keystone() -> None:
    def manage(*argv: str) -> None:
        _manage("keystone.cmd.manage", "keystone/keystone.conf", *argv)

    manage("db_sync")
    owner = (
        "--keystone-user",
        pwd.getpwuid(os.getuid()).pw_name,
        "--keystone-group",
        grp.getgrgid(os.getgid()).gr_name,
    )
    manage("fernet_setup", *owner)
    manage("credential_setup", *owner)
    url = settings.AUTH_URL
    manage(
        *("bootstrap", "--bootstrap-username", "admin", "--bootstrap-password", settings.PASSWORD),
        *("--bootstrap-project-name", "admin", "--bootstrap-role-name", "admin"),
        *("--bootstrap-service-name", "keystone", "--bootstrap-region-id", "RegionOne"),
        *(
            "--bootstrap-admin-url",
            url,
            "--bootstrap-public-url",
            url,
            "--bootstrap-internal-url",
            url,
        ),
    )


def glance() -> None:
    from glance.cmd import manage

    _run(
        manage.main,
        "glance-manage",
        "--config-file",
        str(settings.ETC / "glance/glance-api.conf"),
        "db_sync",
    )


def placement() -> None:
    from placement.cmd import manage

    config = str(settings.ETC / "placement/placement.conf")
    _run(manage.main, "placement-manage", "--config-file", config, "db", "sync")


def nova() -> None:
    def manage(*argv: str) -> None:
        _manage("nova.cmd.manage", "nova/nova.conf", *argv)

    manage("api_db", "sync")
    manage("cell_v2", "map_cell0", "--database_connection", settings.database("nova_cell0"))
    manage("db", "sync")
    cell = (
        "--name",
        "cell1",
        "--transport-url",
        "fake:/",
        "--database_connection",
        settings.database("nova"),
    )
    manage("cell_v2", "create_cell", *cell)


def cinder() -> None:
    from cinder.cmd import manage

    _run(
        manage.main,
        "cinder-manage",
        "--config-file",
        str(settings.ETC / "cinder/cinder.conf"),
        "db",
        "sync",
    )


def heat() -> None:
    from heat.cmd import manage

    _run(
        manage.main, "heat-manage", "--config-file", str(settings.ETC / "heat/heat.conf"), "db_sync"
    )


def barbican() -> None:
    from barbican.cmd import barbican_manage

    _run(
        barbican_manage.main,
        "barbican-manage",
        "db",
        "upgrade",
        "--db-url",
        settings.database("barbican"),
    )


def _create_all(metadata, name: str):
    import sqlalchemy

    engine = sqlalchemy.create_engine(settings.database(name))
    metadata.create_all(engine)
    return engine


def neutron() -> None:
    import sqlalchemy
    from neutron.db.migration import alembic_migrations, cli
    from neutron.db.migration.models import head

    metadata = head.get_metadata()
    engine = _create_all(metadata, "neutron")
    versions = Path(alembic_migrations.__file__).parent / "versions"
    rules = runpy.run_path(
        str(versions / "2023.2/expand/c33da356b165_security_group_default_rules.py")
    )
    with engine.begin() as connection:
        for rule in rules["default_template_rules"]:
            values = dict(rule)
            attributes = sqlalchemy.insert(metadata.tables["standardattributes"]).values(
                description=values.pop("description"),
                resource_type="securitygroupdefaultrules",
                revision_number=0,
            )
            key = connection.execute(attributes).inserted_primary_key[0]
            table = metadata.tables["securitygroupdefaultrules"]
            connection.execute(sqlalchemy.insert(table).values(standard_attr_id=key, **values))
    config = str(settings.ETC / "neutron/neutron.conf")
    _run(cli.main, "neutron-db-manage", "--config-file", config, "stamp", "heads")


def magnum() -> None:
    from magnum.cmd import db_manage
    from magnum.db.sqlalchemy import models

    _create_all(models.Base.metadata, "magnum")
    config = str(settings.ETC / "magnum/magnum.conf")
    _run(db_manage.main, "magnum-db-manage", "--config-file", config, "stamp", "head")


def octavia() -> None:
    from octavia.db import base_models, models  # noqa: F401 (models registers the tables)
    from octavia.db.migration import cli
    from octavia.tests.functional.db import base
    from sqlalchemy import orm

    engine = _create_all(base_models.BASE.metadata, "octavia")
    with orm.Session(engine) as session, session.begin():
        # The look-up tables' rows; upstream has them in its migrations and in this test base.
        base.OctaviaDBTestBase._seed_lookup_tables(object.__new__(base.OctaviaDBTestBase), session)
    config = str(settings.ETC / "octavia/octavia.conf")
    _run(cli.main, "octavia-db-manage", "--config-file", config, "stamp", "head")


if __name__ == "__main__":
    schema.apply()
    globals()[sys.argv[1]]()
