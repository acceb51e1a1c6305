/*
 * test_index.c - tests of the index alone
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/str.h"
#include "proxy/exchange/index/db.h"
#include "proxy/exchange/index/index.h"
#include "proxy/exchange/index/messages.h"
#include "tests/proxy/exchange/index/place.h"

Test(index, gives_no_uid_before_the_last_page_is_in)
{
    struct place place = place_new();

    place_sync(&place, 11, 20, false);
    cr_expect_not(place_marks(&place).complete);
    cr_expect_eq(place_uid(&place, "item-11"), 0);
    place_sync(&place, 1, 10, true);
    cr_expect(place_marks(&place).complete);
    cr_expect_eq(place_uid(&place, "item-1"), 1);
    cr_expect_eq(place_uid(&place, "item-20"), 20);
    place_drop(&place);
}

Test(index, takes_the_echo_of_its_own_changes_for_no_change)
{
    struct place place = place_new();
    bool changed = false;
    uint32_t uid = 0;
    struct remote_item own = place_item(&place, 7);

    place_sync(&place, 1, 5, true);
    cr_expect_eq(index_add(&place.op, place.index, place.folder, &own, &uid),
                 STATUS_OK);
    cr_expect_eq(uid, 6);
    uint64_t modseq = place_marks(&place).modseq;
    cr_expect_eq(place_sync_one(&place, REMOTE_ITEM_PRESENT, own, &changed),
                 STATUS_OK);
    cr_expect_not(changed);
    cr_expect_eq(place_marks(&place).modseq, modseq);
    cr_expect_eq(place_uid(&place, "item-7"), 6);
    place_drop(&place);
}

static struct index_item found_item(struct place *place, uint32_t uid)
{
    struct index_item found;

    index_items(&place->op, place->index, place->folder, &uid, 1, &found);
    return found;
}

static struct index_content known_of(struct place *place, int64_t row)
{
    struct index_content content;

    index_content(&place->op, place->index, row, &content);
    return content;
}

/* Reads the message of UID 1, and lets Exchange change it then. */
static struct remote_item read_and_edit(struct place *place, uint32_t flags)
{
    struct remote_item item = place_item(place, 1);
    struct index_content content = { .header = "H",
                                     .header_len = 1,
                                     .structure = "S",
                                     .structure_len = 1,
                                     .size = 77,
                                     .rendering = 1 };
    bool changed = false;

    item.flags = flags;
    place_sync_one(place, REMOTE_ITEM_PRESENT, item, &changed);
    content.row = found_item(place, 1).row;
    index_store_content(&place->op, place->index, place->folder, &content, 1);
    item.change_key = "k2";
    item.size = 200;
    place_sync_one(place, REMOTE_ITEM_PRESENT, item, &changed);
    cr_expect(changed);
    return item;
}

Test(index,
     keeps_what_was_told_of_a_message_but_no_rendering_once_it_may_differ)
{
    struct place place = place_new();

    read_and_edit(&place, 0);
    struct index_item item = found_item(&place, 1);
    struct index_content content = known_of(&place, item.row);
    cr_expect_eq(item.rendering, 2);
    cr_expect(item.size_known);
    cr_expect_eq(item.size, 77);
    cr_expect_str_eq(content.header, "H");
    cr_expect_str_eq(content.structure, "S");
    place_drop(&place);
}

Test(index, takes_a_draft_that_was_edited_for_another_message)
{
    struct place place = place_new();

    read_and_edit(&place, MAIL_DRAFT | MAIL_UNSENT);
    cr_expect_eq(found_item(&place, 1).row, 0);
    struct index_item item = found_item(&place, 2);
    cr_expect_not_null(item.remote);
    cr_expect_str_eq(item.remote, "item-1");
    cr_expect_str_eq(item.change_key, "k2");
    cr_expect_eq(item.estimate, 200);
    cr_expect_not(item.size_known);
    cr_expect_null(known_of(&place, item.row).header);
    cr_expect_null(known_of(&place, item.row).structure);
    place_drop(&place);
}

Test(index, keeps_the_uid_of_a_draft_of_which_nothing_was_told)
{
    struct place place = place_new();
    struct remote_item item = place_item(&place, 1);
    bool changed = false;

    item.flags = MAIL_UNSENT;
    place_sync_one(&place, REMOTE_ITEM_PRESENT, item, &changed);
    item.change_key = "k2";
    item.size = 200;
    place_sync_one(&place, REMOTE_ITEM_PRESENT, item, &changed);
    cr_expect_eq(found_item(&place, 1).estimate, 200);
    place_drop(&place);
}

Test(index, never_replaces_the_size_that_was_told)
{
    struct place place = place_new();
    struct index_content content = {
        .structure = "S", .structure_len = 1, .size = 77, .rendering = 1
    };

    place_sync(&place, 1, 1, true);
    content.row = found_item(&place, 1).row;
    index_store_content(&place.op, place.index, place.folder, &content, 1);
    content.structure = "other";
    content.structure_len = 5;
    content.size = 78;
    index_store_content(&place.op, place.index, place.folder, &content, 1);
    cr_expect_eq(found_item(&place, 1).size, 77);
    cr_expect_str_eq(known_of(&place, content.row).structure, "S");
    cr_expect_eq(known_of(&place, content.row).size, 77);
    place_drop(&place);
}

Test(index, never_uses_a_uid_again)
{
    struct place place = place_new();
    bool changed = false;

    place_sync(&place, 1, 3, true);
    place_sync_one(&place, REMOTE_ITEM_GONE,
                   (struct remote_item){ .id = "item-3" }, &changed);
    cr_expect(changed);
    index_close(&place.index);
    place_open(&place);
    place_sync(&place, 4, 4, true);
    cr_expect_eq(place_uid(&place, "item-4"), 4);
    cr_expect_eq(place_uid(&place, "item-3"), 0);
    place_drop(&place);
}

Test(index, keeps_uids_over_listings_of_a_folder_that_cannot_be_synced)
{
    struct place place = place_new();
    struct remote_stamp stamp = { .status = STATUS_OK, .committed = 5 };
    struct remote_item items[] = { place_item(&place, 2), place_item(&place, 3),
                                   place_item(&place, 4) };
    struct index_folder folder;
    bool changed = false;

    place_sync(&place, 1, 3, true);
    items[1].id = "moved-3"; /* the same message under another id */
    index_restart(&place.op, place.index, place.folder);
    index_list_page(&place.op, place.index, place.folder, items, 3, &changed);
    cr_expect_eq(place_uid(&place, "item-1"), 1);
    cr_expect_eq(
        index_list_end(&place.op, place.index, place.folder, &stamp, &changed),
        STATUS_OK);
    cr_expect(changed);
    cr_expect_eq(place_uid(&place, "item-1"), 0);
    cr_expect_eq(place_uid(&place, "item-2"), 2);
    cr_expect_eq(place_uid(&place, "moved-3"), 3);
    cr_expect_eq(place_uid(&place, "item-4"), 4);
    index_folder(&place.op, place.index, place.folder, &folder);
    cr_expect_eq(folder.stamp.committed, 5);
    index_restart(&place.op, place.index, place.folder);
    index_list_end(&place.op, place.index, place.folder, NULL, &changed);
    index_folder(&place.op, place.index, place.folder, &folder);
    cr_expect_eq(folder.stamp.committed, 5);
    place_drop(&place);
}

Test(index, tells_of_flags_that_a_listing_has_changed)
{
    struct place place = place_new();
    struct remote_item items[] = { place_item(&place, 1) };
    bool changed = false;

    place_sync(&place, 1, 1, true);
    items[0].flags ^= MAIL_SEEN;
    items[0].change_key = "changed";
    index_restart(&place.op, place.index, place.folder);
    cr_expect_eq(index_list_page(&place.op, place.index, place.folder, items, 1,
                                 &changed),
                 STATUS_OK);
    cr_expect(changed);
    place_drop(&place);
}

Test(index, gives_the_uid_of_a_sync_to_a_move_that_it_has_overtaken)
{
    struct place place = place_new();
    struct remote_folder other = { .id = "other",
                                   .name = "Other",
                                   .syncable = true };
    struct index_arrival arrival = { .remote = "item-9", .change_key = "k1" };
    struct index_item found;
    int64_t inbox = place.folder, target = 0;

    place_sync(&place, 1, 2, true);
    index_items(&place.op, place.index, inbox, (uint32_t[]){ 2 }, 1, &found);
    index_folder_add(&place.op, place.index, &other, &target);
    place.folder = target;
    place_sync(&place, 9, 9, true);
    arrival.row = found.row;
    cr_expect_eq(index_move(&place.op, place.index, inbox, target, &arrival, 1),
                 STATUS_OK);
    cr_expect_eq(arrival.uid, 1);
    cr_expect_eq(place_uid(&place, "item-9"), 1);
    cr_expect_eq(place_marks(&place).uid_next, 2);
    place.folder = inbox;
    cr_expect_eq(place_uid(&place, "item-2"), 0);
    place_drop(&place);
}

static size_t count_files(const char *directory, const char *part)
{
    DIR *listing = opendir(directory);
    size_t count = 0;

    for (struct dirent *file = readdir(listing); file != NULL;
         file = readdir(listing))
        count += strstr(file->d_name, part) != NULL;
    closedir(listing);
    return count;
}

static void overwrite(const struct place *place, long offset, size_t len)
{
    char path[128];

    snprintf(path, sizeof path, "%s/index.sqlite", place->directory);
    FILE *file = fopen(path, "r+");
    cr_assert_not_null(file);
    fseek(file, offset, SEEK_SET);
    for (size_t i = 0; i < len; i++)
        fputc("rubbish"[i % 7], file);
    fclose(file);
}

/* clang-format off */
static const struct {
    const char *what;
    long offset;
    size_t len;
} damages[] = {
    { "the head",     0,    4096 },
    { "all of it",    0,    200000 },
    { "the middle",   8192, 30000 },
    { "the version",  60,   4 },
    { "whose it is",  68,   4 },
};
/* clang-format on */

Test(index, sets_a_damaged_or_foreign_file_aside)
{
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        struct place place = place_new();

        place_sync(&place, 1, 200, true);
        index_close(&place.index);
        overwrite(&place, damages[i].offset, damages[i].len);
        place_open(&place);
        cr_expect_eq(place_uid(&place, "item-1"), 0, "%s", damages[i].what);
        cr_expect_geq(count_files(place.directory, ".broken-"), 1, "%s",
                      damages[i].what);
        place_drop(&place);
    }
}

Test(index, keeps_its_file_to_the_user)
{
    struct place place = place_new();
    char path[128];
    struct stat about;

    snprintf(path, sizeof path, "%s/index.sqlite", place.directory);
    cr_expect_eq(stat(path, &about), 0);
    cr_expect_eq(about.st_mode & 0777, 0600);
    snprintf(path, sizeof path, "%s/index.sqlite-wal", place.directory);
    if (stat(path, &about) == 0)
        cr_expect_eq(about.st_mode & 0777, 0600);
    place_drop(&place);
}

/* A child works on the index and tells each UID that it was given; it is killed
 * at some moment.  What it has told has to hold afterwards. */
struct told {
    uint32_t uid;
    int number;
};

static void work_until_killed(struct place *place, int first, int report)
{
    for (int number = first;; number += 3) {
        struct remote_item own = place_item(place, number + 2);
        struct told told[3];

        place_sync(place, number, number + 1, true);
        for (int i = 0; i < 2; i++)
            told[i] = (struct told){ place_uid(place, arena_printf(place->arena,
                                                                   "item-%d",
                                                                   number + i)),
                                     number + i };
        index_add(&place->op, place->index, place->folder, &own, &told[2].uid);
        told[2].number = number + 2;
        if (write(report, told, sizeof told) != sizeof told)
            _exit(1);
    }
}

static size_t read_reports(int report, struct told *told, size_t room)
{
    size_t have = 0;
    ssize_t got;

    while ((got = read(report, (char *)told + have,
                       room * sizeof *told - have)) > 0)
        have += (size_t)got;
    return have / sizeof *told;
}

Test(index, survives_being_killed_at_any_moment, .timeout = 600)
{
    struct place place = place_new();
    struct told *told = calloc(100000, sizeof *told);
    size_t all = 0;
    int first = 1;

    srand(20261122);
    /* A busy machine takes more rounds to get anything done. */
    for (int round = 0; round < 25 || (all <= 100 && round < 500); round++) {
        int report[2];

        index_close(&place.index);
        cr_assert_eq(pipe(report), 0);
        pid_t child = fork();
        if (child == 0) {
            close(report[0]);
            place_open(&place);
            work_until_killed(&place, first, report[1]);
        }
        close(report[1]);
        usleep((useconds_t)(20000 + rand() % 60000));
        kill(child, SIGKILL);
        size_t count = read_reports(report[0], told, 100000);
        waitpid(child, NULL, 0);
        close(report[0]);
        place_open(&place);
        for (size_t i = 0; i < count; i++)
            cr_assert_eq(place_uid(&place, arena_printf(place.arena, "item-%d",
                                                        told[i].number)),
                         told[i].uid);
        all += count;
        first += 3 * (int)(count / 3) + 6;
        cr_expect_lt(place_marks(&place).uid_next, 100000);
        arena_reset(place.arena);
    }
    cr_expect_gt(all, 100);
    free(told);
    place_drop(&place);
}

Test(index, believes_a_sync_about_a_message_that_we_have_moved)
{
    for (int last = 0; last < 2; last++) {
        struct place place = place_new();
        struct remote_folder other = { .id = "other",
                                       .name = "Other",
                                       .syncable = true };
        struct index_arrival arrival = { .remote = "item-9" };
        struct remote_item told = place_item(&place, 9);
        int64_t inbox = place.folder, target = 0;
        bool changed = false;

        place_sync(&place, 1, 2, true);
        struct index_item found = found_item(&place, 2);
        struct index_content content = { .row = found.row,
                                         .rendering = 1,
                                         .structure = "S",
                                         .structure_len = 1,
                                         .size = 77 };
        index_store_content(&place.op, place.index, inbox, &content, 1);
        index_folder_add(&place.op, place.index, &other, &target);
        place.folder = target;
        told.flags = MAIL_FLAGGED;
        struct remote_item_delta delta = { REMOTE_ITEM_PRESENT, told };
        struct remote_item_page page = { &delta, 1, "s", last };
        index_page(&place.op, place.index, target, &page, &changed);
        arrival.row = found.row;
        index_move(&place.op, place.index, inbox, target, &arrival, 1);
        cr_expect_eq(arrival.uid, 1, "%d", last);
        found = found_item(&place, 1);
        cr_expect_eq(found.flags, MAIL_FLAGGED, "%d", last);
        cr_expect_eq(found.size, 77, "%d", last);
        cr_expect_str_eq(known_of(&place, found.row).structure, "S", "%d",
                         last);
        place.folder = inbox;
        cr_expect_eq(place_uid(&place, "item-2"), 0, "%d", last);
        place_drop(&place);
    }
}

static const char *preview_of(struct place *place, uint32_t uid)
{
    const char *preview = NULL;

    index_previews(&place->op, place->index, place->folder, &uid, 1, &preview);
    return preview;
}

/* The message was changed while Exchange was being asked for its preview. */
Test(index, keeps_no_preview_of_another_rendering)
{
    struct place place = place_new();
    const char *preview = "Dear all";
    uint32_t before = 1, now = 2;

    read_and_edit(&place, 0);
    int64_t row = found_item(&place, 1).row;
    index_keep_previews(&place.op, place.index, &row, &before, &preview, 1);
    cr_expect_null(preview_of(&place, 1));
    index_keep_previews(&place.op, place.index, &row, &now, &preview, 1);
    cr_assert_not_null(preview_of(&place, 1));
    cr_expect_str_eq(preview_of(&place, 1), "Dear all");
    place_drop(&place);
}

static int cache_of(struct place *place)
{
    int used = 0, highest = 0;

    sqlite3_db_status(place->index->db, SQLITE_DBSTATUS_CACHE_USED, &used,
                      &highest, 0);
    return used;
}

Test(index, gives_its_memory_back_and_works_on)
{
    struct place place = place_new();

    place_sync(&place, 1, 500, true);
    int before = cache_of(&place);
    index_rest(place.index);
    cr_expect_lt(cache_of(&place), before / 2);
    cr_expect_eq(place_uid(&place, "item-500"), 500);
    place_drop(&place);
}

Test(index, is_left_alone_while_it_is_worked_with)
{
    struct place place = place_new();

    place_sync(&place, 1, 500, true);
    int before = cache_of(&place);
    pthread_mutex_lock(&place.index->lock);
    index_rest(place.index);
    pthread_mutex_unlock(&place.index->lock);
    cr_expect_eq(cache_of(&place), before);
    place_drop(&place);
}
