/*
 * services_together.c - many sessions and Exchange change one mailbox at once
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/time.h"
#include "tests/proxy/exchange/services.h"

#define ROUNDS 25

struct session {
    struct services *services;
    int64_t inbox, other;
    unsigned seed;
    struct op op;
    unsigned failures;
};

/* Some UIDs of what the session sees at present. */
static size_t choose(struct session *session, uint32_t uids[], size_t room)
{
    struct mail_view *view = NULL;
    size_t count = 0;

    if (mail_refresh(&session->op, session->services->account, session->inbox,
                     &view) != STATUS_OK) {
        session->failures++;
        return 0;
    }
    for (size_t i = 0; i < mail_view_count(view) && count < room; i++)
        if (rand_r(&session->seed) % 8 == 0)
            uids[count++] = mail_view_at(view, i)->uid;
    mail_view_unref(&view);
    return count;
}

/* Others may have been faster; anything else is a failure. */
static void judge(struct session *session, const struct mail_result results[],
                  size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (results[i].status != STATUS_OK &&
            results[i].status != STATUS_NOT_FOUND)
            session->failures++;
}

static void append_one(struct session *session, int number)
{
    struct services *services = session->services;
    char *mime =
        arena_printf(session->op.arena, "Message-ID: <%u.%d@x>\r\n\r\nx\r\n",
                     session->seed, number);
    struct spool *spool = spool_new(NULL, 0);
    struct mail_new message = { spool, 0, NULL, TIME_NONE };
    uint32_t uid = 0;

    spool_write(spool, mime, strlen(mime));
    if (mail_append(&session->op, services->account, session->inbox, &message,
                    &uid) != STATUS_OK ||
        uid == 0)
        session->failures++;
    spool_free(&spool);
}

static void act(struct session *session, int number)
{
    struct account *account = session->services->account;
    struct mail_flag_change change = {
        .change = number % 2 ? MAIL_ADD : MAIL_REMOVE,
        .flags = MAIL_FLAGGED,
    };
    struct mail_result results[20];
    uint32_t uids[20];
    size_t count = choose(session, uids, 20);

    switch (rand_r(&session->seed) % 5) {
    case 0:
        mail_change_flags(&session->op, account, session->inbox, uids, count,
                          &change, results);
        judge(session, results, count);
        break;
    case 1:
        mail_move(&session->op, account, session->inbox, uids, count / 4,
                  session->other, results);
        judge(session, results, count / 4);
        break;
    case 2:
        if (mail_copy(&session->op, account, session->inbox, uids, count / 4,
                      session->other, results) != STATUS_OK)
            break; /* one of them was gone: nothing was copied */
        judge(session, results, count / 4);
        break;
    case 3:
        mail_delete(&session->op, account, session->inbox, uids, count / 8,
                    results);
        judge(session, results, count / 8);
        break;
    default:
        append_one(session, number);
    }
}

static void *run_session(void *context)
{
    struct session *session = context;
    struct arena *arena = arena_new();

    op_init(&session->op, arena, "test/session");
    for (int i = 0; i < ROUNDS; i++) {
        act(session, i);
        arena_reset(arena);
        session->op.reason = NULL;
    }
    arena_free(&arena);
    return NULL;
}

/* What other clients of the mailbox do meanwhile, and a gateway that takes this
 * for a rest. */
static void disturb(struct services *services)
{
    for (int i = 0; i < ROUNDS; i++) {
        char subject[32];

        snprintf(subject, sizeof subject, "other%d", i);
        services_deliver(services, NULL, subject);
        exchange_mark_read(services->exchange, ANN, NULL, (size_t)i % 5,
                           i % 2 == 0);
        if (i % 5 == 0)
            exchange_remove(services->exchange, ANN, NULL, 2);
        if (i == 12)
            exchange_invalidate_sync(services->exchange, ANN);
        accounts_rest(services->accounts);
        usleep(3000);
    }
}

/* The view has to be what a fresh account would see, whatever has happened. */
static void compare_with_truth(struct services *services, const char *folder,
                               int64_t id)
{
    struct mail_view *view = services_refresh(services, id), *again = NULL;
    uint32_t flagged = 0, fresh_flagged = 0, last = 0;

    cr_expect_eq(mail_view_count(view),
                 exchange_count(services->exchange, ANN, folder));
    for (size_t i = 0; i < mail_view_count(view); i++) {
        cr_expect_gt(mail_view_at(view, i)->uid, last);
        last = mail_view_at(view, i)->uid;
        flagged += (mail_view_at(view, i)->flags & MAIL_FLAGGED) != 0;
    }
    exchange_invalidate_sync(services->exchange, ANN);
    again = services_refresh(services, id);
    cr_expect_eq(mail_view_count(again), mail_view_count(view));
    for (size_t i = 0; i < mail_view_count(again); i++) {
        cr_expect_eq(mail_view_at(again, i)->uid, mail_view_at(view, i)->uid);
        cr_expect_eq(mail_view_at(again, i)->flags,
                     mail_view_at(view, i)->flags);
        fresh_flagged += (mail_view_at(again, i)->flags & MAIL_FLAGGED) != 0;
    }
    cr_expect_eq(flagged, fresh_flagged);
    mail_view_unref(&view);
    mail_view_unref(&again);
}

Test(services_together, agree_with_exchange_in_the_end, .timeout = 600)
{
    struct services services = services_open(EXCHANGE_2016);
    struct session sessions[6];
    pthread_t threads[6];
    int64_t inbox = services_folder(&services, "INBOX"), other = 0;

    folder_create(&services.op, services.account, 0, FOLDER_MAIL, "A", &other);
    exchange_fill(services.exchange, ANN, NULL, 200);
    services_uids(&services, other);
    exchange_set_latency(services.exchange, 2);
    for (unsigned i = 0; i < 6; i++) {
        sessions[i] =
            (struct session){ &services, inbox, other, i + 1, { 0 }, 0 };
        pthread_create(&threads[i], NULL, run_session, &sessions[i]);
    }
    disturb(&services);
    for (unsigned i = 0; i < 6; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(sessions[i].failures, 0, "session %u: %u", i,
                     sessions[i].failures);
    }
    exchange_set_latency(services.exchange, 0);
    compare_with_truth(&services, NULL, inbox);
    compare_with_truth(&services, "A", other);
    services_close(&services);
}

struct twin {
    struct services *services;
    int64_t folder;
    uint32_t uid;
    enum status status;
};

static void *store_twin(void *context)
{
    struct twin *twin = context;
    struct arena *arena = arena_new();
    struct spool *spool = spool_new(NULL, 0);
    struct mail_new message = { spool, 0, NULL, TIME_NONE };
    struct op op;

    op_init(&op, arena, "test/twin");
    spool_write(spool, "Message-ID: <x@y>\r\n\r\nx\r\n", 24);
    twin->status = mail_append(&op, twin->services->account, twin->folder,
                               &message, &twin->uid);
    spool_free(&spool);
    arena_free(&arena);
    return NULL;
}

Test(services_together, store_the_same_message_once_each)
{
    struct services services = services_open(EXCHANGE_2016);
    struct twin twins[4];
    pthread_t threads[4];
    int64_t inbox = services_folder(&services, "INBOX");

    exchange_set_latency(services.exchange, 20);
    for (int i = 0; i < 4; i++) {
        twins[i] = (struct twin){ .services = &services, .folder = inbox };
        pthread_create(&threads[i], NULL, store_twin, &twins[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(twins[i].status, STATUS_OK);
        for (int k = 0; k < i; k++)
            cr_expect_neq(twins[i].uid, twins[k].uid);
    }
    cr_expect_eq(exchange_count(services.exchange, ANN, NULL), 4);
    services_close(&services);
}
