/*
 * test_tombstones.c - tests of which UIDs have left a folder, and of modseqs
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "tests/proxy/exchange/index/place.h"

static void remove_number(struct place *place, int number)
{
    bool changed = false;

    place_sync_one(place, REMOTE_ITEM_GONE,
                   (struct remote_item){
                       .id = arena_printf(place->arena, "item-%d", number) },
                   &changed);
    cr_expect(changed);
}

/* "2 3" of what has left after `since`, or "2 3, and more". */
static const char *vanished(struct place *place, uint64_t since)
{
    char *text = arena_strdup(place->arena, "");
    uint32_t *uids;
    size_t count;
    bool complete;

    cr_assert_eq(index_vanished(&place->op, place->index, place->folder, since,
                                &uids, &count, &complete),
                 STATUS_OK);
    for (size_t i = 0; i < count; i++)
        text = arena_printf(place->arena, "%s%s%u", text, i > 0 ? " " : "",
                            uids[i]);
    return complete ? text : arena_printf(place->arena, "%s, and more", text);
}

Test(tombstones, tell_what_has_left_since_a_modseq)
{
    struct place place = place_new();

    place_sync(&place, 1, 9, true);
    uint64_t first = place_marks(&place).modseq;
    remove_number(&place, 7);
    uint64_t second = place_marks(&place).modseq;
    remove_number(&place, 2);
    cr_expect_str_eq(vanished(&place, 0), "2 7");
    cr_expect_str_eq(vanished(&place, first), "2 7");
    cr_expect_str_eq(vanished(&place, second), "2");
    cr_expect_str_eq(vanished(&place, place_marks(&place).modseq), "");
    index_close(&place.index);
    place_open(&place);
    cr_expect_str_eq(vanished(&place, second), "2");
    place_drop(&place);
}

Test(tombstones, are_not_complete_for_a_modseq_that_nobody_was_told)
{
    struct place place = place_new();

    place_sync(&place, 1, 3, true);
    cr_expect_str_eq(vanished(&place, place_marks(&place).modseq + 1),
                     ", and more");
    cr_expect_str_eq(vanished(&place, UINT64_MAX), ", and more");
    place_drop(&place);
}

Test(tombstones, say_so_when_older_ones_are_forgotten)
{
    struct place place = place_new();
    uint64_t before[10];

    index_limit_tombstones(place.index, 4, 3600);
    place_sync(&place, 1, 9, true);
    for (int i = 1; i <= 9; i++) {
        before[i] = place_marks(&place).modseq;
        remove_number(&place, i);
    }
    /* Five are not too many yet; the sixth and the eighth leave four. */
    cr_expect_str_eq(vanished(&place, 0), "5 6 7 8 9, and more");
    cr_expect_str_eq(vanished(&place, before[4]), "5 6 7 8 9, and more");
    cr_expect_str_eq(vanished(&place, before[5]), "5 6 7 8 9");
    cr_expect_str_eq(vanished(&place, before[8]), "8 9");
    index_close(&place.index);
    place_open(&place);
    cr_expect_str_eq(vanished(&place, before[4]), "5 6 7 8 9, and more");
    cr_expect_str_eq(vanished(&place, before[5]), "5 6 7 8 9");
    place_drop(&place);
}

Test(tombstones, are_forgotten_when_they_are_old)
{
    struct place place = place_new();

    place_sync(&place, 1, 3, true);
    uint64_t before = place_marks(&place).modseq;
    remove_number(&place, 1);
    index_limit_tombstones(place.index, 1000, 3600);
    remove_number(&place, 2);
    cr_expect_str_eq(vanished(&place, before), "1 2");
    sleep(4);
    index_limit_tombstones(place.index, 1000, 3);
    remove_number(&place, 3);
    cr_expect_str_eq(vanished(&place, before), "3, and more");
    place_drop(&place);
}

struct rows {
    struct arena *arena;
    char *text;
};

static void note_row(void *context, const struct index_row *row)
{
    struct rows *rows = context;

    rows->text = arena_printf(rows->arena, "%s %s%u", rows->text,
                              row->gone ? "-" : "", row->uid);
}

/* What a view of that revision is told. */
static const char *scan(struct place *place, uint64_t since, bool *whole)
{
    struct rows rows = { place->arena, arena_strdup(place->arena, "") };
    struct index_marks now;

    cr_assert_eq(index_scan(&place->op, place->index, place->folder, since,
                            note_row, &rows, &now),
                 STATUS_OK);
    *whole = now.whole;
    return rows.text;
}

Test(tombstones, let_a_view_be_built_anew_that_is_older_than_they_are)
{
    struct place place = place_new();
    bool whole;

    index_limit_tombstones(place.index, 2, 3600);
    place_sync(&place, 1, 8, true);
    uint64_t old = place_marks(&place).revision;
    remove_number(&place, 3);
    cr_expect_str_eq(scan(&place, old, &whole), " -3");
    cr_expect_not(whole);
    uint64_t later = place_marks(&place).revision;
    for (int i = 4; i <= 6; i++)
        remove_number(&place, i);
    cr_expect_str_eq(scan(&place, old, &whole), " 1 2 7 8");
    cr_expect(whole);
    cr_expect_str_eq(scan(&place, later, &whole), " 1 2 7 8");
    cr_expect(whole);
    place_drop(&place);
}

Test(tombstones, go_with_their_folder)
{
    struct place place = place_new();
    int64_t folder = place.folder;
    uint32_t *uids;
    size_t count;
    bool complete;

    place_sync(&place, 1, 3, true);
    remove_number(&place, 1);
    cr_assert_eq(index_folder_remove(&place.op, place.index, folder),
                 STATUS_OK);
    cr_expect_eq(index_vanished(&place.op, place.index, folder, 0, &uids,
                                &count, &complete),
                 STATUS_NO_FOLDER);
    place_drop(&place);
}

Test(tombstones, are_left_by_messages_that_move_and_by_sweeps)
{
    struct place place = place_new();
    struct remote_folder other = { .id = "other", .name = "O", .syncable = 1 };
    struct index_arrival arrival = { .remote = "moved", .change_key = "k" };
    struct index_item found;
    int64_t target;

    place_sync(&place, 1, 5, true);
    uint64_t before = place_marks(&place).modseq;
    index_items(&place.op, place.index, place.folder, (uint32_t[]){ 4 }, 1,
                &found);
    index_folder_add(&place.op, place.index, &other, &target);
    arrival.row = found.row;
    index_move(&place.op, place.index, place.folder, target, &arrival, 1);
    cr_expect_str_eq(vanished(&place, before), "4");
    index_restart(&place.op, place.index, place.folder);
    cr_expect_str_eq(vanished(&place, before), "4");
    place_sync(&place, 2, 3, true);
    cr_expect_str_eq(vanished(&place, before), "1 4 5");
    place_drop(&place);
}

/* --- When the process is killed ------------------------------------------ */

struct told {
    uint64_t before, modseq; /* the highest before the message left, and then */
    uint32_t uid;
};

/* One comes and one goes, again and again; tells each going. */
static void work_until_killed(struct place *place, int first, int report)
{
    for (int number = first;; number++) {
        struct told told = { .before = 0 };
        bool changed = false;

        place_sync(place, number, number, true);
        struct remote_item item = place_item(place, number);
        told.uid = place_uid(place, item.id);
        told.before = place_marks(place).modseq;
        place_sync_one(place, REMOTE_ITEM_GONE, item, &changed);
        told.modseq = place_marks(place).modseq;
        if (write(report, &told, sizeof told) != sizeof told)
            _exit(1);
        arena_reset(place->arena);
    }
}

static void check_told(struct place *place, const struct told *told)
{
    uint32_t *uids;
    size_t count, at = 0;
    bool complete;

    cr_assert_geq(place_marks(place).modseq, told->modseq);
    index_vanished(&place->op, place->index, place->folder, told->before, &uids,
                   &count, &complete);
    while (at < count && uids[at] != told->uid)
        at++;
    cr_assert(at < count || !complete, "UID %u has left unheard of", told->uid);
    index_vanished(&place->op, place->index, place->folder, told->modseq, &uids,
                   &count, &complete);
    for (at = 0; at < count; at++)
        cr_assert_neq(uids[at], told->uid);
}

Test(tombstones, and_modseqs_survive_being_killed, .timeout = 600)
{
    struct place place = place_new();
    size_t all = 0;
    int first = 1;

    for (int round = 0; round < 20 || (all < 50 && round < 500); round++) {
        struct told told = { .before = 0 };
        int report[2];

        index_close(&place.index);
        cr_assert_eq(pipe(report), 0);
        pid_t child = fork();
        if (child == 0) {
            close(report[0]);
            place_open(&place);
            index_limit_tombstones(place.index, 8, 3600);
            work_until_killed(&place, first, report[1]);
        }
        close(report[1]);
        usleep((useconds_t)(20000 + round * 3000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        place_open(&place);
        while (read(report[0], &told, sizeof told) == sizeof told) {
            check_told(&place, &told);
            all++;
            first++;
        }
        close(report[0]);
        first += 2;
        arena_reset(place.arena);
    }
    cr_expect_geq(all, 50);
    place_drop(&place);
}

/* --- Modseqs ------------------------------------------------------------- */

static uint64_t modseq_of(struct place *place, uint32_t uid)
{
    struct index_item found;

    index_items(&place->op, place->index, place->folder, &uid, 1, &found);
    return found.modseq;
}

/* clang-format off */
static const struct {
    const char *what;
    struct remote_item item;
    bool raises;
} changes[] = {
    { "nothing",        { .received = 1001, .size = 100 }, false },
    { "the size",       { .received = 1001, .size = 120 }, false },
    { "a flag",         { .received = 1001, .size = 100, .flags = MAIL_SEEN }, true },
    { "flag and size",  { .received = 1001, .size = 120, .flags = MAIL_SEEN }, true },
    { "a category",     { .received = 1001, .size = 100,
                          .categories = (const char *const[]){ "red", NULL } }, true },
    { "the arrival",    { .received = 1002, .size = 100 }, true },
    { "the class",      { .received = 1001, .size = 100, .class = "IPM.Post" }, false },
};
/* clang-format on */

Test(modseq, is_raised_by_what_clients_see_and_by_nothing_else)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct place place = place_new();
        struct remote_item item = changes[i].item;
        bool changed = false;

        place_sync(&place, 1, 2, true);
        uint64_t highest = place_marks(&place).modseq;
        uint64_t before = modseq_of(&place, 1);
        item.id = "item-1";
        item.change_key = "k2";
        item.article = 1;
        item.message_id = "<1@example.com>";
        item.search_key = "key-1";
        place_sync_one(&place, REMOTE_ITEM_PRESENT, item, &changed);
        cr_expect_eq(modseq_of(&place, 1) > highest, changes[i].raises, "%s",
                     changes[i].what);
        cr_expect_eq(modseq_of(&place, 1) == before, !changes[i].raises, "%s",
                     changes[i].what);
        cr_expect_eq(place_marks(&place).modseq,
                     changes[i].raises ? modseq_of(&place, 1) : highest, "%s",
                     changes[i].what);
        cr_expect_lt(modseq_of(&place, 2), modseq_of(&place, 1) + 1, "%s",
                     changes[i].what);
        place_drop(&place);
    }
}

Test(modseq, stays_when_our_own_change_is_known_already)
{
    struct place place = place_new();
    struct index_item found;
    bool changed = false;

    place_sync(&place, 1, 1, true);
    struct remote_item item = place_item(&place, 1);
    item.flags = MAIL_SEEN;
    item.change_key = "k2";
    place_sync_one(&place, REMOTE_ITEM_PRESENT, item, &changed);
    index_items(&place.op, place.index, place.folder, (uint32_t[]){ 1 }, 1,
                &found);
    struct index_update update = { found.row, MAIL_SEEN, NULL, "k3" };
    index_update(&place.op, place.index, place.folder, &update, 1);
    cr_expect_eq(modseq_of(&place, 1), found.modseq);
    cr_expect_eq(place_marks(&place).modseq, found.modseq);
    index_items(&place.op, place.index, place.folder, (uint32_t[]){ 1 }, 1,
                &found);
    cr_expect_str_eq(found.change_key, "k3");
    place_drop(&place);
}
