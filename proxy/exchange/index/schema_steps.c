/*
 * schema_steps.c - the tables of the index, as they came to be
 *
 * To change a table, add a migration; one that is out in the world is never
 * edited.
 */
#include "proxy/exchange/index/schema.h"

#include "proxy/exchange/index/objects.h"

const char *const schema_steps[] = {
    /* 1 */
    "CREATE TABLE facts ("
    "  name TEXT PRIMARY KEY,"
    "  value TEXT"
    ") WITHOUT ROWID;"

    /* AUTOINCREMENT: a folder's number is never given to another one. */
    "CREATE TABLE folders ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  remote TEXT NOT NULL UNIQUE,"
    "  parent TEXT,"
    "  name TEXT NOT NULL,"
    "  kind INTEGER NOT NULL,"
    "  use INTEGER NOT NULL,"
    "  hidden INTEGER NOT NULL,"
    "  syncable INTEGER NOT NULL,"
    "  subscribed INTEGER NOT NULL DEFAULT 1,"
    "  seen INTEGER NOT NULL DEFAULT 0," /* by this reading of the tree */
    "  uid_validity INTEGER NOT NULL,"
    "  uid_next INTEGER NOT NULL DEFAULT 1,"
    "  modseq INTEGER NOT NULL DEFAULT 1,"
    "  revision INTEGER NOT NULL DEFAULT 1,"
    "  recent INTEGER NOT NULL DEFAULT 1," /* the first UID nobody has seen */
    "  complete INTEGER NOT NULL DEFAULT 0,"
    "  sweep INTEGER NOT NULL DEFAULT 1," /* the number of this reading */
    "  sweeping INTEGER NOT NULL DEFAULT 1,"
    "  sync_state TEXT,"
    "  committed INTEGER, deleted INTEGER, total INTEGER, unread INTEGER"
    ");"

    /* `uid` is NULL until the sync that brings the message has come to its end;
     * `sweep` is the reading that has last seen it, -1 once it is reported
     * gone. */
    "CREATE TABLE items ("
    "  row INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  folder INTEGER NOT NULL REFERENCES folders ON DELETE CASCADE,"
    "  uid INTEGER,"
    "  remote TEXT NOT NULL,"
    "  change_key TEXT,"
    "  class TEXT,"
    "  article INTEGER NOT NULL,"
    "  flags INTEGER NOT NULL,"
    "  categories TEXT,"
    "  received INTEGER NOT NULL,"
    "  created INTEGER NOT NULL,"
    "  estimate INTEGER NOT NULL,"
    "  size INTEGER,"
    "  message_id TEXT,"
    "  search_key TEXT,"
    "  modseq INTEGER NOT NULL DEFAULT 0,"
    "  revision INTEGER NOT NULL DEFAULT 0,"
    "  rendering INTEGER NOT NULL DEFAULT 1,"
    "  sweep INTEGER NOT NULL,"
    "  UNIQUE (folder, remote)"
    ");"
    "CREATE UNIQUE INDEX items_uid ON items (folder, uid);"
    "CREATE INDEX items_revision ON items (folder, revision);"
    "CREATE INDEX items_message_id ON items (folder, message_id);"
    "CREATE INDEX items_new ON items (folder) WHERE uid IS NULL;"
    "CREATE INDEX items_gone ON items (folder) WHERE sweep = -1;"

    "CREATE TABLE tombstones ("
    "  folder INTEGER NOT NULL REFERENCES folders ON DELETE CASCADE,"
    "  uid INTEGER NOT NULL,"
    "  modseq INTEGER NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  PRIMARY KEY (folder, uid)"
    ") WITHOUT ROWID;"
    "CREATE INDEX tombstones_revision ON tombstones (folder, revision);"

    "CREATE TABLE headers ("
    "  row INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,"
    "  header BLOB NOT NULL"
    ");"
    "CREATE TABLE structures ("
    "  row INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,"
    "  structure BLOB NOT NULL,"
    "  size INTEGER NOT NULL"
    ");"

    /* Renderings whose message is gone or changed; the cache takes them away.
     */
    "CREATE TABLE garbage (row INTEGER NOT NULL, rendering INTEGER NOT NULL);"
    "CREATE TRIGGER items_deleted AFTER DELETE ON items BEGIN"
    "  INSERT INTO garbage VALUES (old.row, old.rendering);"
    "END;"
    "CREATE TRIGGER items_rendered AFTER UPDATE OF rendering ON items BEGIN"
    "  INSERT INTO garbage VALUES (old.row, old.rendering);"
    "END;"

    /* `outcome` is NULL while nobody knows; done is 1.  `claimed`: a client's
     * APPEND has been answered with the copy that Exchange keeps of it. */
    "CREATE TABLE attempts ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  folder INTEGER NOT NULL,"
    "  hash TEXT NOT NULL,"
    "  token TEXT NOT NULL,"
    "  message_id TEXT,"
    "  time INTEGER NOT NULL,"
    "  outcome INTEGER,"
    "  claimed INTEGER NOT NULL DEFAULT 0"
    ");"
    "CREATE INDEX attempts_hash ON attempts (hash);"
    "CREATE INDEX attempts_message_id ON attempts (message_id);",

    /* 2: how many octets of headers there are, and which came first. */
    "ALTER TABLE headers ADD COLUMN number INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX headers_number ON headers (number);"
    "INSERT OR REPLACE INTO facts SELECT 'header_size',"
    "  coalesce(sum(length(header)), 0) FROM headers;"
    "CREATE TRIGGER headers_added AFTER INSERT ON headers BEGIN"
    "  UPDATE facts SET value = value + length(new.header)"
    "    WHERE name = 'header_size';"
    "END;"
    "CREATE TRIGGER headers_removed AFTER DELETE ON headers BEGIN"
    "  UPDATE facts SET value = value - length(old.header)"
    "    WHERE name = 'header_size';"
    "END;",

    /* 3: the folders of other stores.  The mailbox itself is store 0 and has no
     * line; `named` by a client, not by the settings. */
    "CREATE TABLE stores ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  kind INTEGER NOT NULL,"
    "  address TEXT NOT NULL DEFAULT '',"
    "  named INTEGER NOT NULL DEFAULT 0,"
    "  UNIQUE (kind, address)"
    ");"
    "ALTER TABLE folders ADD COLUMN store INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE folders ADD COLUMN lacks INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE folders ADD COLUMN more_below INTEGER NOT NULL DEFAULT 0;",

    /* 4: tombstones are bounded; `forgotten` is the last modseq of which some
     * are missing. */
    "ALTER TABLE tombstones ADD COLUMN time INTEGER NOT NULL DEFAULT 0;"
    "UPDATE tombstones SET time = strftime('%s', 'now');"
    "ALTER TABLE folders ADD COLUMN tombstones INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE folders ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE folders ADD COLUMN forgotten_revision INTEGER NOT NULL"
    "  DEFAULT 0;"
    "UPDATE folders SET tombstones = (SELECT count(*) FROM tombstones"
    "  WHERE folder = id);"

    /* What a message is by: its conversation, and since when it lies here.  The
     * conversations of old ones come by reading their folders once more, in
     * which UIDs stay. */
    "ALTER TABLE items ADD COLUMN conversation TEXT;"
    "ALTER TABLE items ADD COLUMN saved INTEGER;"
    "UPDATE items SET saved = CASE WHEN created > 0 THEN created"
    "  ELSE received END WHERE uid > 0;"
    "UPDATE folders SET sync_state = NULL, sweep = sweep + 1, sweeping = 1,"
    "  committed = NULL, deleted = NULL, total = NULL, unread = NULL;"
    "INSERT OR REPLACE INTO facts VALUES ('identity',"
    "  lower(hex(randomblob(6))));"

    /* What messages are sorted, threaded and searched by, and all runs of three
     * characters of those fields that are searched. */
    "CREATE TABLE summaries ("
    "  row INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,"
    "  is_reply INTEGER NOT NULL,"
    "  sent INTEGER NOT NULL,"
    "  sent_day INTEGER NOT NULL,"
    "  base_subject TEXT NOT NULL,"
    "  sort_from TEXT NOT NULL,"
    "  sort_to TEXT NOT NULL,"
    "  sort_cc TEXT NOT NULL,"
    "  display_from TEXT NOT NULL,"
    "  display_to TEXT NOT NULL,"
    "  own_id TEXT NOT NULL,"
    "  refs TEXT NOT NULL,"
    "  all_subject TEXT NOT NULL,"
    "  all_from TEXT NOT NULL,"
    "  all_to TEXT NOT NULL,"
    "  all_cc TEXT NOT NULL,"
    "  all_bcc TEXT NOT NULL"
    ");"
    "ALTER TABLE items ADD COLUMN summarized INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX items_unsummarized ON items (folder, uid)"
    "  WHERE NOT summarized;"
    "CREATE VIRTUAL TABLE texts USING fts5("
    "  all_subject, all_from, all_to, all_cc, all_bcc, content = 'summaries',"
    "  content_rowid = 'row', detail = 'column',"
    "  tokenize = 'trigram case_sensitive 1');"
    "CREATE TRIGGER summaries_added AFTER INSERT ON summaries BEGIN"
    "  INSERT INTO texts (rowid, all_subject, all_from, all_to, all_cc,"
    "    all_bcc) VALUES (new.row, new.all_subject, new.all_from, new.all_to,"
    "    new.all_cc, new.all_bcc);"
    "  UPDATE items SET summarized = 1 WHERE row = new.row;"
    "END;"
    "CREATE TRIGGER summaries_removed AFTER DELETE ON summaries BEGIN"
    "  INSERT INTO texts (texts, rowid, all_subject, all_from, all_to, all_cc,"
    "    all_bcc) VALUES ('delete', old.row, old.all_subject, old.all_from,"
    "    old.all_to, old.all_cc, old.all_bcc);"
    "  UPDATE items SET summarized = 0 WHERE row = old.row;"
    "END;",

    /* 5: what is known from our own doing alone (1), and what Exchange has been
     * asked about since (2). */
    "ALTER TABLE items ADD COLUMN unconfirmed INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX items_unconfirmed ON items (folder) WHERE unconfirmed;",

    /* 6: how messages begin. */
    "CREATE TABLE previews ("
    "  row INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,"
    "  preview TEXT NOT NULL"
    ");"
    "CREATE TRIGGER items_rewritten AFTER UPDATE OF rendering ON items BEGIN"
    "  DELETE FROM previews WHERE row = old.row;"
    "END;",

    /* A draft is also known as one to be sent (MAIL_UNSENT). */
    "UPDATE items SET flags = flags | 512 WHERE flags & 16;",

    /* 8: events, tasks and contacts.  `text` is NULL while it has not been made
     * of what Exchange holds now; `sweep` is the reading that has last
     * named it, -1 until the first does. */
    "CREATE TABLE objects ("
    "  row INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  folder INTEGER NOT NULL REFERENCES folders ON DELETE CASCADE,"
    "  remote TEXT NOT NULL,"
    "  change_key TEXT,"
    "  kind INTEGER NOT NULL,"
    "  name TEXT NOT NULL,"
    "  named INTEGER NOT NULL," /* by a client */
    "  revision INTEGER NOT NULL,"
    "  schedule INTEGER NOT NULL,"
    "  uid TEXT,"
    "  starts INTEGER,"
    "  ends INTEGER,"
    "  text TEXT,"
    "  kept TEXT," /* what a client sent last, unless Exchange keeps it */
    "  sweep INTEGER NOT NULL,"
    "  UNIQUE (folder, remote),"
    "  UNIQUE (folder, name)"
    ");"
    "CREATE INDEX objects_revision ON objects (folder, revision);"
    "CREATE INDEX objects_uid ON objects (folder, uid);"
    "CREATE TABLE object_tombstones ("
    "  folder INTEGER NOT NULL REFERENCES folders ON DELETE CASCADE,"
    "  name TEXT NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  time INTEGER NOT NULL,"
    "  PRIMARY KEY (folder, name)"
    ") WITHOUT ROWID;"
    "CREATE INDEX object_tombstones_revision"
    "  ON object_tombstones (folder, revision);"

    /* What clients say of folders (object '') and objects. */
    "CREATE TABLE properties ("
    "  folder INTEGER NOT NULL REFERENCES folders ON DELETE CASCADE,"
    "  object TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  value TEXT NOT NULL,"
    "  PRIMARY KEY (folder, object, name)"
    ") WITHOUT ROWID;",

    /* 9: subscriptions are to names, which outlive folders.  A folder's
     * `subscribed` tells from now on that it is to be so by itself: once it is
     * shown, or as it was; `shown` is the name it was last seen under. */
    "CREATE TABLE subscriptions (name TEXT PRIMARY KEY) WITHOUT ROWID;"
    "ALTER TABLE folders ADD COLUMN shown TEXT;",

    /* 10: all that views are made of, in one place and in order. */
    "CREATE INDEX items_view ON items (folder, uid, flags, modseq, received,"
    "  estimate, size, categories) WHERE uid > 0;",

    /* 11: what a text says, answers of attendees left out. */
    "ALTER TABLE objects ADD COLUMN shape TEXT;",

    /* 12: what somebody else does not show is made once more, to know of it. */
    "ALTER TABLE objects ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;"
    "UPDATE objects SET text = NULL"
    "  WHERE folder IN (SELECT id FROM folders WHERE store <> 0);",

    /* 13: objects of our making (`sweep` -1) that no look has named yet. */
    "CREATE INDEX objects_unnamed ON objects (folder) WHERE sweep = -1;",

    /* 14: people, packed: those that contacts are (`book` 0, with the revision
     * that was read), and those of an edition of the offline address book.  What
     * they are found by the beginnings of. */
    "CREATE TABLE people ("
    "  row INTEGER PRIMARY KEY,"
    "  book INTEGER NOT NULL,"
    "  object INTEGER UNIQUE REFERENCES objects ON DELETE CASCADE,"
    "  revision INTEGER,"
    "  id TEXT NOT NULL,"
    "  person BLOB NOT NULL"
    ");"
    "CREATE INDEX people_book ON people (book);"
    "CREATE INDEX people_id ON people (id);"
    "CREATE TABLE people_words ("
    "  word TEXT NOT NULL,"
    "  row INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,"
    "  PRIMARY KEY (word, row)"
    ") WITHOUT ROWID;"
    "CREATE INDEX people_words_row ON people_words (row);",

    /* 15: the shape of a meeting's text tells that it is one. */
    "UPDATE objects SET shape = '" INDEX_MEETING "' || shape"
    "  WHERE instr(text, char(10) || 'ORGANIZER') > 0"
    "  OR instr(text, char(10) || 'ATTENDEE') > 0;",

    /* 16: words are folded otherwise; people are made again, a book is fetched
     * again. */
    "DELETE FROM people_words;"
    "DELETE FROM people;"
    "DELETE FROM facts WHERE name = 'book';",
};

const int schema_steps_count = sizeof schema_steps / sizeof schema_steps[0];
