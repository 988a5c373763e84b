"""A producer written for PgQ: one event by the function, two by COPY."""
import sys

import pgq
import psycopg2
import psycopg2.extras

db = psycopg2.connect(sys.argv[1], cursor_factory=psycopg2.extras.DictCursor)
cursor = db.cursor()
pgq.insert_event(cursor, "q", "type", "single")
pgq.bulk_insert_events(
    cursor, [["type", "bulk", None], ["type", "again", "one"]], ["ev_type", "ev_data", "ev_extra1"], "q")
db.commit()
