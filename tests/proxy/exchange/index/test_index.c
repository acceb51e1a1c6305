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
#include "proxy/exchange/index/index.h"

struct place {
    char directory[64];
    struct index *index;
    struct arena *arena;
    struct op op;
    int64_t folder;
};

static void open_index(struct place *place)
{
    const struct remote_folder_change inbox = {
        REMOTE_PRESENT,
        { .id = "inbox",
          .name = "Inbox",
          .use = FOLDER_INBOX,
          .syncable = true },
    };
    struct index_folder *folders;
    size_t count;
    bool changed = false;

    place->index = index_open(place->directory, "ann");
    cr_assert_not_null(place->index);
    cr_assert_eq(index_folders_page(&place->op, place->index, &inbox, 1, "tree",
                                    true, &changed),
                 STATUS_OK);
    cr_assert_eq(index_folders(&place->op, place->index, &folders, &count),
                 STATUS_OK);
    cr_assert_eq(count, 1);
    place->folder = folders[0].id;
}

static struct place make_place(void)
{
    struct place place = { .directory = "/tmp/postern-index-XXXXXX" };

    log_set_level(LOG_LEVEL_ERROR);
    cr_assert_not_null(mkdtemp(place.directory));
    place.arena = arena_new();
    op_init(&place.op, place.arena, "test/1");
    open_index(&place);
    return place;
}

static void drop_place(struct place *place)
{
    char command[128];

    index_close(&place->index);
    arena_free(&place->arena);
    snprintf(command, sizeof command, "rm -rf '%s'", place->directory);
    cr_expect_eq(system(command), 0);
}

static struct remote_item item(struct place *place, int number)
{
    return (struct remote_item){
        .id = arena_printf(place->arena, "item-%d", number),
        .change_key = "k1",
        .article = (uint32_t)number,
        .received = 1000 + number,
        .size = 100,
        .message_id = arena_printf(place->arena, "<%d@example.com>", number),
        .search_key = arena_printf(place->arena, "key-%d", number),
    };
}

static void sync_range(struct place *place, int first, int last, bool is_last)
{
    struct remote_item_delta *deltas =
        arena_array(place->arena, (size_t)(last - first + 1), sizeof *deltas);
    struct remote_item_page page = { deltas, (size_t)(last - first + 1),
                                     arena_printf(place->arena, "%d", last),
                                     is_last };
    bool changed = false;

    for (int i = first; i <= last; i++)
        deltas[i - first] =
            (struct remote_item_delta){ REMOTE_ITEM_PRESENT, item(place, i) };
    cr_assert_eq(
        index_page(&place->op, place->index, place->folder, &page, &changed),
        STATUS_OK);
}

static enum status sync_one(struct place *place, enum remote_item_change change,
                            struct remote_item what, bool *changed)
{
    struct remote_item_delta delta = { change, what };
    struct remote_item_page page = { &delta, 1, "s", true };

    return index_page(&place->op, place->index, place->folder, &page, changed);
}

static uint32_t uid_of(struct place *place, const char *remote)
{
    uint32_t *uids;
    size_t count;

    cr_assert_eq(index_uids(&place->op, place->index, place->folder, &remote, 1,
                            &uids, &count),
                 STATUS_OK);
    return count > 0 ? uids[0] : 0;
}

static struct index_marks marks(struct place *place)
{
    struct index_marks now;

    cr_assert_eq(index_marks(&place->op, place->index, place->folder, &now),
                 STATUS_OK);
    return now;
}

Test(index, gives_no_uid_before_the_last_page_is_in)
{
    struct place place = make_place();

    sync_range(&place, 11, 20, false);
    cr_expect_not(marks(&place).complete);
    cr_expect_eq(uid_of(&place, "item-11"), 0);
    sync_range(&place, 1, 10, true);
    cr_expect(marks(&place).complete);
    cr_expect_eq(uid_of(&place, "item-1"), 1);
    cr_expect_eq(uid_of(&place, "item-20"), 20);
    drop_place(&place);
}

Test(index, takes_the_echo_of_its_own_changes_for_no_change)
{
    struct place place = make_place();
    bool changed = false;
    uint32_t uid = 0;
    struct remote_item own = item(&place, 7);

    sync_range(&place, 1, 5, true);
    cr_expect_eq(index_add(&place.op, place.index, place.folder, &own, &uid),
                 STATUS_OK);
    cr_expect_eq(uid, 6);
    uint64_t modseq = marks(&place).modseq;
    cr_expect_eq(sync_one(&place, REMOTE_ITEM_PRESENT, own, &changed),
                 STATUS_OK);
    cr_expect_not(changed);
    cr_expect_eq(marks(&place).modseq, modseq);
    cr_expect_eq(uid_of(&place, "item-7"), 6);
    drop_place(&place);
}

Test(index, forgets_what_was_read_of_a_message_that_was_edited_but_not_its_uid)
{
    struct place place = make_place();
    struct index_content content = { .header = "H",
                                     .header_len = 1,
                                     .structure = "S",
                                     .structure_len = 1,
                                     .size = 77 };
    struct index_item found;
    struct remote_item edited = item(&place, 1);
    bool changed = false;

    sync_range(&place, 1, 1, true);
    index_items(&place.op, place.index, place.folder, (uint32_t[]){ 1 }, 1,
                &found);
    content.row = found.row;
    content.rendering = found.rendering;
    index_store_content(&place.op, place.index, place.folder, &content, 1);
    edited.change_key = "k2";
    edited.flags = MAIL_SEEN;
    sync_one(&place, REMOTE_ITEM_PRESENT, edited, &changed);
    index_content(&place.op, place.index, found.row, &content);
    cr_expect_str_eq(content.header, "H");
    edited.change_key = "k3";
    edited.size = 200;
    sync_one(&place, REMOTE_ITEM_PRESENT, edited, &changed);
    index_content(&place.op, place.index, found.row, &content);
    cr_expect_null(content.header);
    cr_expect_null(content.structure);
    cr_expect_eq(uid_of(&place, "item-1"), 1);
    drop_place(&place);
}

Test(index, never_uses_a_uid_again)
{
    struct place place = make_place();
    bool changed = false;

    sync_range(&place, 1, 3, true);
    sync_one(&place, REMOTE_ITEM_GONE, (struct remote_item){ .id = "item-3" },
             &changed);
    cr_expect(changed);
    index_close(&place.index);
    open_index(&place);
    sync_range(&place, 4, 4, true);
    cr_expect_eq(uid_of(&place, "item-4"), 4);
    cr_expect_eq(uid_of(&place, "item-3"), 0);
    drop_place(&place);
}

Test(index, keeps_uids_over_listings_of_a_folder_that_cannot_be_synced)
{
    struct place place = make_place();
    struct remote_stamp stamp = { .status = STATUS_OK, .committed = 5 };
    struct remote_item items[] = { item(&place, 2), item(&place, 3),
                                   item(&place, 4) };
    struct index_folder folder;
    bool changed = false;

    sync_range(&place, 1, 3, true);
    items[1].id = "moved-3"; /* the same message under another id */
    index_restart(&place.op, place.index, place.folder);
    index_list_page(&place.op, place.index, place.folder, items, 3, &changed);
    cr_expect_eq(uid_of(&place, "item-1"), 1);
    cr_expect_eq(
        index_list_end(&place.op, place.index, place.folder, &stamp, &changed),
        STATUS_OK);
    cr_expect(changed);
    cr_expect_eq(uid_of(&place, "item-1"), 0);
    cr_expect_eq(uid_of(&place, "item-2"), 2);
    cr_expect_eq(uid_of(&place, "moved-3"), 3);
    cr_expect_eq(uid_of(&place, "item-4"), 4);
    index_folder(&place.op, place.index, place.folder, &folder);
    cr_expect_eq(folder.stamp.committed, 5);
    index_restart(&place.op, place.index, place.folder);
    index_list_end(&place.op, place.index, place.folder, NULL, &changed);
    index_folder(&place.op, place.index, place.folder, &folder);
    cr_expect_eq(folder.stamp.committed, 5);
    drop_place(&place);
}

Test(index, tells_of_flags_that_a_listing_has_changed)
{
    struct place place = make_place();
    struct remote_item items[] = { item(&place, 1) };
    bool changed = false;

    sync_range(&place, 1, 1, true);
    items[0].flags ^= MAIL_SEEN;
    items[0].change_key = "changed";
    index_restart(&place.op, place.index, place.folder);
    cr_expect_eq(index_list_page(&place.op, place.index, place.folder, items, 1,
                                 &changed),
                 STATUS_OK);
    cr_expect(changed);
    drop_place(&place);
}

Test(index, gives_the_uid_of_a_sync_to_a_move_that_it_has_overtaken)
{
    struct place place = make_place();
    struct remote_folder other = { .id = "other",
                                   .name = "Other",
                                   .syncable = true };
    struct index_arrival arrival = { .remote = "item-9", .change_key = "k1" };
    struct index_item found;
    int64_t inbox = place.folder, target = 0;

    sync_range(&place, 1, 2, true);
    index_items(&place.op, place.index, inbox, (uint32_t[]){ 2 }, 1, &found);
    index_folder_add(&place.op, place.index, &other, &target);
    place.folder = target;
    sync_range(&place, 9, 9, true);
    arrival.row = found.row;
    cr_expect_eq(index_move(&place.op, place.index, inbox, target, &arrival, 1),
                 STATUS_OK);
    cr_expect_eq(arrival.uid, 1);
    cr_expect_eq(uid_of(&place, "item-9"), 1);
    cr_expect_eq(marks(&place).uid_next, 2);
    place.folder = inbox;
    cr_expect_eq(uid_of(&place, "item-2"), 0);
    drop_place(&place);
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
        struct place place = make_place();

        sync_range(&place, 1, 200, true);
        index_close(&place.index);
        overwrite(&place, damages[i].offset, damages[i].len);
        open_index(&place);
        cr_expect_eq(uid_of(&place, "item-1"), 0, "%s", damages[i].what);
        cr_expect_geq(count_files(place.directory, ".broken-"), 1, "%s",
                      damages[i].what);
        drop_place(&place);
    }
}

Test(index, keeps_its_file_to_the_user)
{
    struct place place = make_place();
    char path[128];
    struct stat about;

    snprintf(path, sizeof path, "%s/index.sqlite", place.directory);
    cr_expect_eq(stat(path, &about), 0);
    cr_expect_eq(about.st_mode & 0777, 0600);
    snprintf(path, sizeof path, "%s/index.sqlite-wal", place.directory);
    if (stat(path, &about) == 0)
        cr_expect_eq(about.st_mode & 0777, 0600);
    drop_place(&place);
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
        struct remote_item own = item(place, number + 2);
        struct told told[3];

        sync_range(place, number, number + 1, true);
        for (int i = 0; i < 2; i++)
            told[i] = (struct told){ uid_of(place, arena_printf(place->arena,
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

Test(index, survives_being_killed_at_any_moment, .timeout = 120)
{
    struct place place = make_place();
    struct told *told = calloc(100000, sizeof *told);
    size_t all = 0;
    int first = 1;

    srand(20261122);
    for (int round = 0; round < 25; round++) {
        int report[2];

        index_close(&place.index);
        cr_assert_eq(pipe(report), 0);
        pid_t child = fork();
        if (child == 0) {
            close(report[0]);
            open_index(&place);
            work_until_killed(&place, first, report[1]);
        }
        close(report[1]);
        usleep((useconds_t)(20000 + rand() % 60000));
        kill(child, SIGKILL);
        size_t count = read_reports(report[0], told, 100000);
        waitpid(child, NULL, 0);
        close(report[0]);
        open_index(&place);
        for (size_t i = 0; i < count; i++)
            cr_assert_eq(uid_of(&place, arena_printf(place.arena, "item-%d",
                                                     told[i].number)),
                         told[i].uid);
        all += count;
        first += 3 * (int)(count / 3) + 6;
        cr_expect_lt(marks(&place).uid_next, 100000);
        arena_reset(place.arena);
    }
    cr_expect_gt(all, 100);
    free(told);
    drop_place(&place);
}
