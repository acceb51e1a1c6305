/*
 * test_upgrade.c - tests of files that older versions have written, of files
 * that lack something, and of UIDVALIDITYs after a loss
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <sqlite3.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/index/objects.h"
#include "proxy/exchange/index/people.h"
#include "proxy/exchange/index/schema.h"
#include "tests/proxy/exchange/index/place.h"

static sqlite3 *open_raw(const struct place *place)
{
    char path[128];
    sqlite3 *db = NULL;

    snprintf(path, sizeof path, "%s/index.sqlite", place->directory);
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

static void run(sqlite3 *db, const char *sql)
{
    char *error = NULL;

    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &error), SQLITE_OK, "%s: %s",
                 sql, error);
}

static void remove_file(const struct place *place, const char *name)
{
    char path[160];

    snprintf(path, sizeof path, "%s/%s", place->directory, name);
    unlink(path);
}

/* --- Older versions ------------------------------------------------------ */

/* What version 1 knew of two messages, one of them read, and of one gone. */
static const char rows_of_1[] =
    "INSERT INTO facts VALUES ('tree_state', 'tree');"
    "INSERT INTO folders (remote, parent, name, kind, use, hidden, syncable,"
    "  uid_validity, uid_next, modseq, revision, complete, sweep, sweeping,"
    "  sync_state)"
    "  VALUES ('inbox', NULL, 'Inbox', 0, 1, 0, 1, 1234567, 8, 20, 22, 1, 3, 0,"
    "  'state');"
    "INSERT INTO items (folder, uid, remote, change_key, class, article, flags,"
    "  received, created, estimate, size, message_id, search_key, modseq,"
    "  revision, sweep) VALUES"
    "  (1, 5, 'item-5', 'k1', NULL, 5, 1, 1005, 2005, 100, 77,"
    "  '<5@example.com>', 'key-5', 11, 12, 3),"
    "  (1, 7, 'item-7', 'k1', NULL, 7, 0, 1007, 0, 100, NULL,"
    "  '<7@example.com>', 'key-7', 19, 20, 3);"
    "INSERT INTO tombstones VALUES (1, 6, 20, 21);"
    "INSERT INTO structures VALUES (1, 'S', 77);";
static const char header_of_1[] = "INSERT INTO headers VALUES (1, 'Header');";
static const char header_of_2[] =
    "INSERT INTO headers VALUES (1, 'Header', 1);";

static void make_old(struct place *place, int version)
{
    index_close(&place->index);
    remove_file(place, "index.sqlite");
    remove_file(place, "index.sqlite-wal");
    sqlite3 *db = open_raw(place);
    cr_assert_eq(schema_migrate(db, 0, version), SQLITE_OK);
    run(db, rows_of_1);
    run(db, version == 1 ? header_of_1 : header_of_2);
    sqlite3_close(db);
}

static struct index_item item_of(struct place *place, uint32_t uid)
{
    struct index_item item;

    cr_assert_eq(
        index_items(&place->op, place->index, place->folder, &uid, 1, &item),
        STATUS_OK);
    return item;
}

static void check_what_was_known(struct place *place, int version)
{
    struct index_content content;
    struct index_marks marks = place_marks(place);
    uint32_t *uids;
    size_t count;
    bool complete;

    cr_expect_eq(marks.uid_validity, 1234567, "%d", version);
    cr_expect_eq(marks.uid_next, 8, "%d", version);
    cr_expect_eq(marks.modseq, 20, "%d", version);
    cr_expect(marks.complete, "%d", version);
    cr_expect_eq(item_of(place, 5).size, 77, "%d", version);
    cr_expect_eq(item_of(place, 5).modseq, 11, "%d", version);
    cr_expect_not(item_of(place, 7).size_known, "%d", version);
    index_content(&place->op, place->index, item_of(place, 5).row, &content);
    cr_expect_str_eq(content.header, "Header", "%d", version);
    cr_expect_str_eq(content.structure, "S", "%d", version);
    cr_expect_eq(content.size, 77, "%d", version);
    cr_expect_not(content.summarized, "%d", version);
    index_vanished(&place->op, place->index, place->folder, 0, &uids, &count,
                   &complete);
    cr_expect(count == 1 && uids[0] == 6 && complete, "%d", version);
    cr_expect_str_eq(index_fact(&place->op, place->index, "header_size"), "6",
                     "%d", version);
}

/* The subscription to a folder becomes one to its name. */
static void check_subscription(struct place *place, int version)
{
    const struct index_showing showing = { place->folder, NULL, "INBOX",
                                           false };
    const char **names;
    size_t count;

    index_shown(&place->op, place->index, &showing, 1);
    index_names(&place->op, place->index, &names, &count);
    cr_expect(count == 1 && str_equal(names[0], "INBOX"), "%d", version);
}

/* The folder is read once more for what the old version did not ask for. */
static void check_next_sync(struct place *place, int version)
{
    struct remote_item items[2] = { place_item(place, 5),
                                    place_item(place, 7) };
    struct remote_item_delta deltas[2];
    struct index_identity identities[2];
    struct index_folder folder;
    bool changed = false;

    index_folder(&place->op, place->index, place->folder, &folder);
    cr_expect_null(folder.sync_state, "%d", version);
    items[0].flags = MAIL_SEEN;
    for (int i = 0; i < 2; i++) {
        items[i].conversation = "thread";
        items[i].created = i == 0 ? 2005 : 0;
        deltas[i] = (struct remote_item_delta){ REMOTE_ITEM_PRESENT, items[i] };
    }
    struct remote_item_page page = { deltas, 2, "new", true };
    cr_expect_eq(
        index_page(&place->op, place->index, place->folder, &page, &changed),
        STATUS_OK);
    cr_expect_eq(place_uid(place, "item-5"), 5, "%d", version);
    cr_expect_eq(place_uid(place, "item-7"), 7, "%d", version);
    cr_expect_eq(place_marks(place).modseq, 20, "%d", version);
    index_identities(&place->op, place->index, place->folder,
                     (uint32_t[]){ 5, 7 }, 2, identities);
    cr_expect_str_eq(identities[0].conversation, "thread", "%d", version);
    cr_expect_eq(identities[0].saved, 2005, "%d", version);
    cr_expect_eq(identities[1].saved, 1007, "%d", version);
}

Test(upgrade, of_an_older_file_keeps_what_it_knew)
{
    for (int version = 1; version <= 3; version++) {
        struct place place = place_new();

        make_old(&place, version);
        place_open(&place);
        check_what_was_known(&place, version);
        check_next_sync(&place, version);
        check_subscription(&place, version);
        place_drop(&place);
    }
}

Test(upgrade, of_a_removed_folder_keeps_the_order_of_uidvalidities)
{
    struct place place = place_new();

    make_old(&place, 2);
    sqlite3 *db = open_raw(&place);
    run(db, "UPDATE folders SET uid_validity = 4000000000");
    sqlite3_close(db);
    place_open(&place);
    index_folder_remove(&place.op, place.index, place.folder);
    index_close(&place.index);
    place_open(&place);
    index_folders_restart(&place.op, place.index);
    index_close(&place.index);
    place_open(&place);
    cr_expect_eq(place_marks(&place).uid_validity, 4000000001u);
    place_drop(&place);
}

/* Which of its events are meetings is known of the texts that it has. */
Test(upgrade, knows_which_events_are_meetings)
{
    static const char rows[] =
        "INSERT INTO folders (remote, parent, name, kind, use, hidden,"
        "  syncable, uid_validity) VALUES ('inbox', NULL, 'C', 1, 8, 0, 1, 7);"
        "INSERT INTO objects (folder, remote, kind, name, named, revision,"
        "  schedule, sweep, uid, text, shape) VALUES"
        "  (1, 'a', 0, 'a.ics', 1, 1, 1, 1, 'a',"
        "   'UID:a' || char(13, 10) || 'ORGANIZER:x', 'abc'),"
        "  (1, 'b', 0, 'b.ics', 1, 2, 2, 1, 'b',"
        "   'UID:b' || char(13, 10) || 'SUMMARY:ORGANIZER', 'abc'),"
        "  (1, 'c', 0, 'c.ics', 1, 3, 3, 1, NULL, NULL, NULL);";
    struct place place = place_new();
    struct index_object *objects;
    size_t count;

    index_close(&place.index);
    remove_file(&place, "index.sqlite");
    remove_file(&place, "index.sqlite-wal");
    sqlite3 *db = open_raw(&place);
    cr_assert_eq(schema_migrate(db, 0, 14), SQLITE_OK);
    run(db, rows);
    sqlite3_close(db);
    place_open(&place);
    cr_assert_eq(index_objects(&place.op, place.index, 1, &objects, &count),
                 STATUS_OK);
    cr_assert_eq(count, 3);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(objects[i].meeting, str_equal(objects[i].name, "a.ics"),
                     "%s", objects[i].name);
    place_drop(&place);
}

/* Words of old are folded otherwise. */
Test(upgrade, has_people_and_their_words_made_anew)
{
    static const char rows[] =
        "INSERT INTO facts (name, value) VALUES ('book', 'x'), ('other', 'y');"
        "INSERT INTO people (book, id, person) VALUES (1, 'a@b', 'p');"
        "INSERT INTO people_words (word, row) VALUES ('GRO', 1);";
    struct place place = place_new();
    struct index_person people[2];
    size_t count = 2;

    index_close(&place.index);
    remove_file(&place, "index.sqlite");
    remove_file(&place, "index.sqlite-wal");
    sqlite3 *db = open_raw(&place);
    cr_assert_eq(schema_migrate(db, 0, 15), SQLITE_OK);
    run(db, rows);
    sqlite3_close(db);
    place_open(&place);
    cr_expect_eq(
        index_people(&place.op, place.index, 1, NULL, 0, people, &count),
        STATUS_OK);
    cr_expect_eq(count, 0);
    cr_expect_null(index_fact(&place.op, place.index, "book"));
    cr_expect_str_eq(index_fact(&place.op, place.index, "other"), "y");
    place_drop(&place);
}

/* --- What is missing ----------------------------------------------------- */

/* clang-format off */
static const char *const losses[] = {
    "DROP TABLE tombstones",
    "DROP TABLE headers",
    "DROP TABLE garbage",
    "DROP TABLE texts",
    "DROP INDEX items_revision",
    "DROP TRIGGER items_deleted",
    "DROP TRIGGER summaries_removed",
};
/* clang-format on */

Test(upgrade, sets_a_file_aside_that_lacks_something)
{
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        struct place place = place_new();

        place_sync(&place, 1, 3, true);
        uint32_t before = place_marks(&place).uid_validity;
        index_close(&place.index);
        sqlite3 *db = open_raw(&place);
        run(db, losses[i]);
        sqlite3_close(db);
        place_open(&place);
        cr_expect_eq(place_uid(&place, "item-1"), 0, "%s", losses[i]);
        cr_expect_gt(place_marks(&place).uid_validity, before, "%s", losses[i]);
        place_drop(&place);
    }
}

/* --- UIDVALIDITYs -------------------------------------------------------- */

Test(uidvalidity, grows_when_the_file_is_lost_within_a_second)
{
    struct place place = place_new();
    uint32_t last = place_marks(&place).uid_validity;

    for (int i = 0; i < 5; i++) {
        index_close(&place.index);
        remove_file(&place, "index.sqlite");
        remove_file(&place, "index.sqlite-wal");
        place_open(&place);
        cr_expect_gt(place_marks(&place).uid_validity, last);
        last = place_marks(&place).uid_validity;
    }
    place_drop(&place);
}

Test(uidvalidity, stays_when_nothing_is_lost)
{
    struct place place = place_new();
    uint32_t before = place_marks(&place).uid_validity;

    index_close(&place.index);
    place_open(&place);
    cr_expect_eq(place_marks(&place).uid_validity, before);
    place_drop(&place);
}

Test(uidvalidity, grows_in_ram_within_a_process)
{
    struct place place = place_new();
    uint32_t last = 0;

    index_close(&place.index);
    for (int i = 0; i < 3; i++) {
        struct remote_folder inbox = { .id = "inbox", .name = "I" };
        struct index *index = index_open(NULL, "ann");
        struct index_folder folder;
        int64_t id;

        cr_assert_not_null(index);
        index_folder_add(&place.op, index, &inbox, &id);
        index_folder(&place.op, index, id, &folder);
        cr_expect_gt(folder.uid_validity, last);
        last = folder.uid_validity;
        index_close(&index);
    }
    place_open(&place);
    place_drop(&place);
}

Test(uidvalidity, note_is_for_the_user_alone)
{
    struct place place = place_new();
    char command[160];

    snprintf(command, sizeof command,
             "test \"$(stat -c %%a '%s/index.sqlite.uidvalidity')\" = 600",
             place.directory);
    cr_expect_eq(system(command), 0);
    place_drop(&place);
}

/* Either may get the other's name. */
Test(uidvalidity, is_never_shared_by_two_folders)
{
    struct place place = place_new();
    struct remote_folder_change changes[] = {
        { REMOTE_PRESENT, { .id = "a", .name = "A", .syncable = true } },
        { REMOTE_PRESENT, { .id = "b", .name = "B", .syncable = true } },
    };
    struct index_folder *folders;
    size_t count;
    bool changed;

    cr_assert_eq(index_folders_page(&place.op, place.index, changes, 2, "tree",
                                    true, &changed),
                 STATUS_OK);
    cr_assert_eq(index_folders(&place.op, place.index, &folders, &count),
                 STATUS_OK);
    cr_assert_eq(count, 3);
    for (size_t i = 1; i < count; i++)
        cr_expect_gt(folders[i].uid_validity, folders[i - 1].uid_validity);
    place_drop(&place);
}
