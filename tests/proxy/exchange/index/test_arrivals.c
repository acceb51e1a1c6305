/*
 * test_arrivals.c - what we have put into a folder before a sync tells of it
 */
#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/index/index.h"
#include "proxy/exchange/index/messages.h"
#include "tests/proxy/exchange/index/place.h"

static uint32_t add(struct place *place, int number)
{
    struct remote_item item = place_item(place, number);
    uint32_t uid;

    cr_assert_eq(
        index_add(&place->op, place->index, place->folder, &item, &uid),
        STATUS_OK);
    return uid;
}

static void ask(struct place *place)
{
    cr_assert_eq(index_asks(&place->op, place->index, place->folder),
                 STATUS_OK);
}

/* A sync that tells of nothing. */
static bool hear_nothing(struct place *place)
{
    struct remote_item_page page = { NULL, 0, "later", true };
    bool changed = false;

    cr_assert_eq(index_page(&place->op, place->index, place->folder, &page,
                            &changed),
                 STATUS_OK);
    return changed;
}

Test(index_arrivals, what_the_next_sync_does_not_tell_of_has_gone)
{
    struct place place = place_new();
    uint64_t since;
    uint32_t *gone;
    size_t count;
    bool complete;

    place_sync(&place, 1, 2, true);
    uint32_t uid = add(&place, 3);
    since = place_marks(&place).modseq;
    ask(&place);
    cr_expect(hear_nothing(&place));
    cr_expect_eq(place_uid(&place, "item-3"), 0);
    cr_expect_neq(place_uid(&place, "item-1"), 0);
    cr_assert_eq(index_vanished(&place.op, place.index, place.folder, since,
                                &gone, &count, &complete),
                 STATUS_OK);
    cr_expect(complete && count == 1 && gone[0] == uid);
    place_drop(&place);
}

Test(index_arrivals, what_a_sync_has_told_of_stays)
{
    struct place place = place_new();
    uint32_t uid = add(&place, 1);

    ask(&place);
    place_sync(&place, 1, 1, true);
    cr_expect_eq(place_uid(&place, "item-1"), uid);
    ask(&place);
    cr_expect_not(hear_nothing(&place));
    cr_expect_eq(place_uid(&place, "item-1"), uid);
    place_drop(&place);
}

/* Exchange may have made its answer before. */
Test(index_arrivals, what_arrives_during_a_sync_waits_for_the_next)
{
    struct place place = place_new();

    place_sync(&place, 1, 1, true);
    ask(&place);
    uint32_t uid = add(&place, 2);
    hear_nothing(&place);
    cr_expect_eq(place_uid(&place, "item-2"), uid);
    ask(&place);
    hear_nothing(&place);
    cr_expect_eq(place_uid(&place, "item-2"), 0);
    place_drop(&place);
}

/* --- Folders -------------------------------------------------------------- */

static int64_t make_folder(struct place *place)
{
    struct remote_folder folder = { .id = "box", .name = "Box",
                                    .syncable = true };
    int64_t id;

    cr_assert_eq(index_folder_add(&place->op, place->index, &folder, &id),
                 STATUS_OK);
    return id;
}

/* The changes of the tree that Exchange tells of when it is asked: the folder
 * or nothing. */
static void read_tree(struct place *place, bool named)
{
    struct remote_folder_change box = {
        REMOTE_PRESENT, { .id = "box", .name = "Box", .syncable = true }
    };
    bool changed = false;

    cr_assert_eq(index_folders_asks(&place->op, place->index), STATUS_OK);
    cr_assert_eq(index_folders_page(&place->op, place->index, &box, named,
                                    "later", true, &changed),
                 STATUS_OK);
}

static bool is_there(struct place *place, int64_t id)
{
    struct index_folder folder;

    return index_folder(&place->op, place->index, id, &folder) == STATUS_OK;
}

Test(index_arrivals, a_folder_that_the_next_reading_does_not_name_has_gone)
{
    struct place place = place_new();
    int64_t id = make_folder(&place);

    cr_expect(is_there(&place, id));
    read_tree(&place, false);
    cr_expect_not(is_there(&place, id));
    cr_expect(is_there(&place, place.folder));
    place_drop(&place);
}

Test(index_arrivals, a_folder_that_a_reading_has_named_stays)
{
    struct place place = place_new();
    int64_t id = make_folder(&place);

    read_tree(&place, true);
    read_tree(&place, false);
    cr_expect(is_there(&place, id));
    place_drop(&place);
}

Test(index_arrivals, a_folder_made_during_a_reading_from_the_beginning_stays)
{
    struct place place = place_new();
    bool changed = false;

    cr_assert_eq(index_folders_restart(&place.op, place.index), STATUS_OK);
    cr_assert_eq(index_folders_asks(&place.op, place.index), STATUS_OK);
    int64_t id = make_folder(&place);
    cr_assert_eq(index_folders_page(&place.op, place.index, NULL, 0, "new",
                                    true, &changed),
                 STATUS_OK);
    cr_expect(is_there(&place, id));
    cr_expect_not(is_there(&place, place.folder));
    place_drop(&place);
}
