/*
 * test_multiget.c - many small reports about a folder that nobody has read yet
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "tests/caldav/client.h"

enum { EVENTS = 20, CHUNK = 5 };

static struct dav_world *world_with_events(void)
{
    struct dav_world *world = dav_world_new();

    for (int i = 0; i < EVENTS; i++) {
        char item[300];

        snprintf(item, sizeof item,
                 "<t:CalendarItem><t:Subject>Event %d</t:Subject>"
                 "<t:Start>2038-03-01T10:00:00Z</t:Start>"
                 "<t:End>2038-03-01T11:00:00Z</t:End></t:CalendarItem>",
                 i);
        cr_assert_not_null(exchange_add_object(dav_world_exchange(world), ANN,
                                               "calendar", item));
    }
    return world;
}

/* The nth href of a multistatus, passing over that of the collection. */
static const char *href_of(struct arena *arena, const char *listing, int nth)
{
    for (const char *at = listing; (at = strstr(at, "href>/")) != NULL; at++) {
        const char *href = at + strlen("href>");
        size_t len = strcspn(href, "<");

        if (href[len - 1] != '/' && nth-- == 0)
            return arena_strndup(arena, href, len);
    }
    cr_assert(false, "too few in %s", listing);
    return NULL;
}

static struct dav_answer ask(struct dav_world *world, struct arena *arena,
                             const char *listing, int first)
{
    struct buf body;

    buf_init(&body, arena);
    buf_puts(&body, "<C:calendar-multiget" NS "><prop><getetag/>"
                    "<C:calendar-data/></prop>");
    for (int i = first; i < first + CHUNK; i++)
        buf_printf(&body, "<href>%s</href>", href_of(arena, listing, i));
    buf_puts(&body, "</C:calendar-multiget>");
    return dav_do(world, "REPORT", HOME "calendar/", NULL, body.data);
}

/* Asks for all that was listed; how often it was looked what is new. */
static unsigned read_all(struct dav_world *world, struct arena *arena,
                         const char *listing, unsigned reads)
{
    struct exchange *exchange = dav_world_exchange(world);

    exchange_reset_calls(exchange);
    for (int i = 0; i < EVENTS; i += CHUNK) {
        struct dav_answer answer = ask(world, arena, listing, i);

        cr_expect_eq(answer.code, 207);
        cr_expect_eq(dav_count(answer.body, "BEGIN:VEVENT"), CHUNK, "%s",
                     answer.body);
    }
    cr_expect_eq(exchange_calls(exchange, "GetItem"), reads, "%u",
                 exchange_calls(exchange, "GetItem"));
    return exchange_calls(exchange, "SyncFolderItems");
}

Test(caldav_multiget, a_first_reading_asks_for_texts_and_not_for_what_is_new)
{
    struct dav_world *world = world_with_events();
    struct arena *arena = arena_new();
    const char *listing = dav_do(world, "PROPFIND", HOME "calendar/", DEPTH_1,
                                 PROPFIND("<getetag/>"))
                              .body;

    cr_expect_eq(read_all(world, arena, listing, EVENTS / CHUNK), 0);
    /* What has been read may have changed. */
    cr_expect_geq(read_all(world, arena, listing, 0), 1);
    arena_free(&arena);
    dav_world_free(&world);
}

Test(caldav_multiget, what_has_gone_before_its_first_reading_is_not_there)
{
    struct dav_world *world = world_with_events();
    struct dav_world *other = dav_world_beside(world);
    struct arena *arena = arena_new();
    const char *listing = dav_do(world, "PROPFIND", HOME "calendar/", DEPTH_1,
                                 PROPFIND("<getetag/>"))
                              .body;
    const char *gone = href_of(arena, listing, 2);

    dav_do(other, "PROPFIND", HOME "calendar/", DEPTH_1,
           PROPFIND("<getetag/>"));
    cr_assert_eq(dav_do(other, "DELETE", gone, NULL, NULL).code, 204);
    struct dav_answer answer = ask(world, arena, listing, 0);
    cr_expect_eq(answer.code, 207);
    cr_expect_eq(dav_count(answer.body, "BEGIN:VEVENT"), CHUNK - 1, "%s",
                 answer.body);
    cr_expect_eq(dav_count(answer.body, "HTTP/1.1 404"), 1, "%s", answer.body);
    arena_free(&arena);
    dav_world_free(&other);
    dav_world_free(&world);
}
