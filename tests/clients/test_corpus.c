/*
 * test_corpus.c - another program sees events when their writer wants them
 *
 * Events of the corpus are PUT over CalDAV; python3-exchangelib asks the
 * simulated Exchange when they happen.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/program.h"
#include "tests/clients/web.h"
#include "tests/format/ical_corpus.h"

#define STEP 10 /* so that programs, rules, zones and shapes take turns */

/* What the corpus says of one: its zone, its clock and its shape. */
static void add_line(struct buf *list, size_t index, const char *name)
{
    static const char *const shapes[] = { "timed", "days", "changed", "utc",
                                          "floating" };
    const char *days[4], *clock = strstr(name, " at ");
    const char *zone = clock;
    size_t count = corpus_days(index, days);
    unsigned shape = 0;

    cr_assert_not_null(clock);
    while (zone[-1] != ' ')
        zone--;
    cr_assert_eq(sscanf(clock, " at %*6c, shape %u", &shape), 1);
    buf_printf(list, "corpus-%zu@example.com %.*s %.6s %s", index,
               (int)(clock - zone), zone, clock + 4, shapes[shape]);
    for (size_t i = 0; i < count; i++)
        buf_printf(list, " %s", days[i]);
    buf_puts(list, "\n");
}

static void put_sample(const struct harness *harness, struct arena *arena)
{
    struct buf list;

    buf_init(&list, arena);
    for (size_t i = 0; i < corpus_count(); i += STEP) {
        const char *name, *text = corpus_text(arena, i, &name);
        /* Their organizer is somebody else here. */
        if (strstr(text, "ORGANIZER") != NULL)
            continue;
        free(web_do(harness, 201, "PUT",
                    arena_printf(arena, WEB_CALENDAR "%zu.ics", i),
                    "Content-Type: text/calendar\r\n", text));
        add_line(&list, i, name);
    }
    harness_write(harness, "list", "%s", list.data);
}

Test(corpus, is_seen_at_its_times_by_exchangelib, .timeout = SECONDS)
{
    char *script = realpath("tests/clients/corpus_client.py", NULL);
    struct arena *arena = arena_new();
    struct harness harness;

    cr_assert_not_null(script);
    harness_start(&harness, EXCHANGE_2016, "[caldav]\nzone = Europe/Berlin\n");
    put_sample(&harness, arena);
    const char *args[] = { "env",
                           arena_printf(arena, "REQUESTS_CA_BUNDLE=%s",
                                        exchange_ca_file(harness.exchange)),
                           "/usr/bin/python3",
                           "-B",
                           script,
                           exchange_url(harness.exchange),
                           arena_printf(arena, "%s/list", harness.directory),
                           NULL };
    char *output = program_succeed(&harness, args, NULL);
    cr_expect(strstr(output, "\ndone\n") != NULL, "%s", output);
    free(output);
    free(script);
    arena_free(&arena);
    harness_stop(&harness);
}
