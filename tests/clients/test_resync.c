/*
 * test_resync.c - who was away and comes back sees what all others see
 *
 * A mailbox with two mail programs and Exchange itself: while one program is
 * away the other and Exchange do random things, and afterwards the view of the
 * one that comes back, that of a new one, the index and Exchange are the same.
 * POSTERN_SEED repeats what was seen; what comes of it hangs on the seed alone.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "tests/clients/agree.h"
#include "tests/clients/harness.h"
#include "tests/clients/offline.h"
#include "tests/clients/turmoil.h"

#define AGREEMENT_MS 20000

/* The names of folders are asked for each time. */
#define SETTINGS "[exchange]\nfolder_interval = 0\n"

/* What is different among the program that comes back, a new one and Exchange;
 * NULL if nothing is. */
static char *compare(struct arena *arena, struct harness *harness,
                     struct offline *client)
{
    struct offline fresh;

    offline_init(&fresh, harness);
    offline_return(&fresh, RESYNC_QUICK);
    char *difference = agree_texts(arena, "client", offline_text(client, arena),
                                   "new one", offline_text(&fresh, arena));
    if (difference == NULL)
        difference = agree_with_exchange(arena, harness, client);
    offline_fini(&fresh);
    return difference;
}

/* News from Exchange may be on their way for a moment. */
static void expect_agreement(struct harness *harness, struct offline *client,
                             enum resync how)
{
    uint64_t end = time_monotonic_ms() + AGREEMENT_MS;
    struct arena *arena = arena_new();
    char *difference;

    do {
        arena_reset(arena);
        offline_return(client, how);
        difference = compare(arena, harness, client);
        offline_leave(client);
    } while (difference != NULL && time_monotonic_ms() < end);
    cr_expect(difference == NULL, "%s", difference);
    arena_free(&arena);
}

static void begin(struct harness *harness, struct turmoil *turmoil,
                  struct offline *client, const char *test)
{
    harness_start(harness, EXCHANGE_2016, SETTINGS);
    turmoil_init(turmoil, harness, turmoil_seed(test));
    offline_init(client, harness);
}

/* The index is looked at when nobody holds it any more. */
static void end(struct harness *harness, struct turmoil *turmoil,
                struct offline *client)
{
    struct arena *arena = arena_new();

    turmoil_fini(turmoil);
    harness_daemon_stop(harness);
    char *difference = agree_with_index(arena, harness, client);
    cr_expect(difference == NULL, "%s", difference);
    offline_fini(client);
    arena_free(&arena);
    harness_stop(harness);
}

Test(resync, who_was_away_for_a_thousand_deeds_sees_what_all_see,
     .timeout = SECONDS)
{
    struct harness harness;
    struct turmoil turmoil;
    struct offline client;

    begin(&harness, &turmoil, &client, "resync");
    expect_agreement(&harness, &client, RESYNC_QUICK);
    turmoil_rage(&turmoil, 1000);
    expect_agreement(&harness, &client, RESYNC_QUICK);
    end(&harness, &turmoil, &client);
}

/* Each absence is another, and the gateway is stopped in some of them. */
Test(resync, each_way_to_come_back_leads_to_the_same_view, .timeout = SECONDS)
{
    struct harness harness;
    struct turmoil turmoil;
    struct offline client;

    begin(&harness, &turmoil, &client, "resync in each way");
    for (int i = 0; i < 12; i++) {
        turmoil_rage(&turmoil, 1 + turmoil_pick(&turmoil, 60));
        if (i % 4 == 3) {
            turmoil_fini(&turmoil);
            harness_daemon_stop(&harness);
            harness_daemon_start(&harness);
            turmoil_return(&turmoil);
        }
        expect_agreement(
            &harness, &client,
            (enum resync)turmoil_pick(&turmoil, RESYNC_COUNT));
    }
    end(&harness, &turmoil, &client);
}

/* What is heard while idling leads to the same as coming back. */
Test(resync, who_idles_hears_all_that_happens, .timeout = SECONDS)
{
    struct harness harness;
    struct turmoil turmoil;
    struct offline client;

    begin(&harness, &turmoil, &client, "idling");
    for (int i = 0; i < 6; i++) {
        offline_return(&client, (enum resync)(i % RESYNC_COUNT));
        offline_idle(&client, "INBOX");
        turmoil_rage(&turmoil, 50);
        offline_wake(&client);
        offline_leave(&client);
        expect_agreement(&harness, &client,
                         i % 2 == 0 ? RESYNC_QUICK : RESYNC_BY_MODSEQ);
    }
    end(&harness, &turmoil, &client);
}
