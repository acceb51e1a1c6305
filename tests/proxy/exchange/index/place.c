/*
 * place.c - an index in a directory of its own, with one folder
 */
#include "tests/proxy/exchange/index/place.h"

#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"

void place_open(struct place *place)
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

struct place place_new(void)
{
    struct place place = { .directory = "/tmp/postern-index-XXXXXX" };

    log_set_level(LOG_LEVEL_ERROR);
    cr_assert_not_null(mkdtemp(place.directory));
    place.arena = arena_new();
    op_init(&place.op, place.arena, "test/1");
    place_open(&place);
    return place;
}

void place_drop(struct place *place)
{
    char command[128];

    index_close(&place->index);
    arena_free(&place->arena);
    snprintf(command, sizeof command, "rm -rf '%s'", place->directory);
    cr_expect_eq(system(command), 0);
}

struct remote_item place_item(struct place *place, int number)
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

void place_sync(struct place *place, int first, int last, bool is_last)
{
    struct remote_item_delta *deltas =
        arena_array(place->arena, (size_t)(last - first + 1), sizeof *deltas);
    struct remote_item_page page = { deltas, (size_t)(last - first + 1),
                                     arena_printf(place->arena, "%d", last),
                                     is_last };
    bool changed = false;

    for (int i = first; i <= last; i++)
        deltas[i - first] = (struct remote_item_delta){ REMOTE_ITEM_PRESENT,
                                                        place_item(place, i) };
    cr_assert_eq(
        index_page(&place->op, place->index, place->folder, &page, &changed),
        STATUS_OK);
}

enum status place_sync_one(struct place *place, enum remote_item_change change,
                           struct remote_item what, bool *changed)
{
    struct remote_item_delta delta = { change, what };
    struct remote_item_page page = { &delta, 1, "s", true };

    return index_page(&place->op, place->index, place->folder, &page, changed);
}

uint32_t place_uid(struct place *place, const char *remote)
{
    uint32_t *uids;
    size_t count;

    cr_assert_eq(index_uids(&place->op, place->index, place->folder, &remote, 1,
                            &uids, &count),
                 STATUS_OK);
    return count > 0 ? uids[0] : 0;
}

struct index_marks place_marks(struct place *place)
{
    struct index_marks now;

    cr_assert_eq(index_marks(&place->op, place->index, place->folder, &now),
                 STATUS_OK);
    return now;
}
