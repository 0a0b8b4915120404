"""CSV exports of back offices: rows that become the same records as those of the messages. Pure: no Django."""
