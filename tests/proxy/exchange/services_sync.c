/*
 * services_sync.c - tests of mail_sync.c, mail_view.c and changes.c
 */
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "tests/proxy/exchange/services.h"

/* After so long, what a folder says of its last change tells it from later
 * ones. */
#define STAMP_SECONDS 2

Test(services_sync, gives_uids_in_the_order_of_arrival)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");

    services_deliver(&services, NULL, "one");
    services_deliver(&services, NULL, "two");
    cr_expect_str_eq(services_uids(&services, inbox), "1:2");
    services_deliver(&services, NULL, "three");
    exchange_remove(services.exchange, ANN, NULL, 0);
    cr_expect_str_eq(services_uids(&services, inbox), "2:3");
    services_deliver(&services, NULL, "four");
    cr_expect_str_eq(services_uids(&services, inbox), "2:4");
    services_close(&services);
}

Test(services_sync,
     reads_a_large_folder_in_pages_and_asks_once_when_nothing_is_new)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");

    exchange_fill(services.exchange, ANN, NULL, 2000);
    exchange_reset_calls(services.exchange);
    cr_expect_str_eq(services_uids(&services, inbox), "1:2000");
    cr_expect_leq(exchange_calls(services.exchange, NULL), 4 + 1);
    exchange_reset_calls(services.exchange);
    cr_expect_str_eq(services_uids(&services, inbox), "1:2000");
    cr_expect_eq(exchange_calls(services.exchange, NULL), 1);
    services_close(&services);
}

struct signs {
    size_t count;
    size_t background;
};

static void count_sign(struct op *op)
{
    struct signs *signs = op->progress_context;

    signs->count++;
    signs->background += op->background;
}

Test(services_sync, shows_signs_of_life_and_lets_others_go_first_the_first_time)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    struct signs signs = { .count = 0 };

    exchange_fill(services.exchange, ANN, NULL, 2000);
    services.op.progress = count_sign;
    services.op.progress_context = &signs;
    cr_expect_str_eq(services_uids(&services, inbox), "1:2000");
    cr_expect_geq(signs.count, 3, "one between each two pages");
    cr_expect_eq(signs.background, signs.count);
    cr_expect_not(services.op.background);
    signs = (struct signs){ .count = 0 };
    services_deliver(&services, NULL, "one more");
    cr_expect_str_eq(services_uids(&services, inbox), "1:2001");
    cr_expect_eq(signs.background, 0);
    services_close(&services);
}

Test(services_sync, keeps_the_old_view_as_it_was)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");

    services_deliver(&services, NULL, "one");
    struct mail_view *old = services_refresh(&services, inbox);
    services_deliver(&services, NULL, "two");
    exchange_mark_read(services.exchange, ANN, NULL, 0, true);
    struct mail_view *later = services_refresh(&services, inbox);
    cr_expect_eq(mail_view_count(old), 1);
    cr_expect_eq(mail_view_at(old, 0)->flags, 0);
    cr_expect_eq(mail_view_count(later), 2);
    cr_expect_eq(mail_view_at(later, 0)->flags, MAIL_SEEN);
    cr_expect_gt(mail_view_at(later, 0)->modseq, mail_view_at(old, 0)->modseq);
    cr_expect_gt(mail_view_highest_modseq(later),
                 mail_view_highest_modseq(old));
    cr_expect_eq(mail_view_uid_next(later), 3);
    cr_expect_null(mail_view_find(old, 2));
    cr_expect_eq(mail_view_find(later, 2)->uid, 2);
    cr_expect_eq(mail_view_search(later, 9), 2);
    mail_view_unref(&old);
    mail_view_unref(&later);
    services_close(&services);
}

Test(services_sync, gives_the_same_view_while_nothing_changes)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");

    services_deliver(&services, NULL, "one");
    struct mail_view *first = services_refresh(&services, inbox);
    struct mail_view *second = services_refresh(&services, inbox);
    cr_expect_eq(first, second);
    mail_view_unref(&first);
    mail_view_unref(&second);
    services_close(&services);
}

Test(services_sync, keeps_uids_when_the_sync_state_expires)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");

    exchange_fill(services.exchange, ANN, NULL, 700);
    cr_expect_str_eq(services_uids(&services, inbox), "1:700");
    exchange_remove(services.exchange, ANN, NULL, 5);
    services_deliver(&services, NULL, "new");
    exchange_invalidate_sync(services.exchange, ANN);
    cr_expect_str_eq(services_uids(&services, inbox), "1:5 7:701");
    services_close(&services);
}

Test(services_sync, keeps_uids_when_the_mailbox_was_moved_and_ids_have_changed)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");

    exchange_fill(services.exchange, ANN, NULL, 50);
    cr_expect_str_eq(services_uids(&services, inbox), "1:50");
    struct mail_view *view = services_refresh(&services, inbox);
    uint32_t validity = mail_view_uid_validity(view);
    mail_view_unref(&view);
    exchange_change_ids(services.exchange, ANN);
    exchange_invalidate_sync(services.exchange, ANN);
    services_deliver(&services, NULL, "new");
    cr_expect_str_eq(services_uids(&services, inbox), "1:51");
    view = services_refresh(&services, inbox);
    cr_expect_eq(mail_view_uid_validity(view), validity);
    mail_view_unref(&view);
    services_close(&services);
}

Test(services_sync, goes_on_where_it_was_broken_off)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    struct exchange_fault_rule rule = {
        "SyncFolderItems", FAULT_HTTP_503, 2, UINT_MAX, 0, NULL
    };
    struct mail_view *view = NULL;

    exchange_fill(services.exchange, ANN, NULL, 1500);
    exchange_set_fault(services.exchange, &rule);
    cr_expect_eq(mail_refresh(&services.op, services.account, inbox, &view),
                 STATUS_UNAVAILABLE);
    cr_expect_eq(mail_look(&services.op, services.account, inbox, &view),
                 STATUS_UNAVAILABLE);
    services_restart(&services);
    exchange_clear_faults(services.exchange);
    exchange_reset_calls(services.exchange);
    cr_expect_str_eq(services_uids(&services, inbox), "1:1500");
    cr_expect_leq(exchange_calls(services.exchange, "SyncFolderItems"), 2);
    services_close(&services);
}

Test(services_sync, says_that_a_folder_is_gone)
{
    struct services services = services_open(EXCHANGE_2016);
    struct mail_view *view = NULL;
    int64_t a = 0;

    folder_create(&services.op, services.account, 0, FOLDER_MAIL, "A", &a);
    cr_expect_str_eq(services_uids(&services, a), "");
    cr_expect_eq(folder_delete(&services.op, services.account, a), STATUS_OK);
    cr_expect_eq(mail_refresh(&services.op, services.account, a, &view),
                 STATUS_NO_FOLDER);
    cr_expect_eq(mail_look(&services.op, services.account, a, &view),
                 STATUS_NO_FOLDER);
    services_close(&services);
}

Test(services_sync, counts_many_folders_with_one_call)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t folders[20];
    struct mail_counts counts[20];

    for (int i = 0; i < 20; i++) {
        char name[16];

        snprintf(name, sizeof name, "F%d", i);
        folder_create(&services.op, services.account, 0, FOLDER_MAIL, name,
                      &folders[i]);
        exchange_fill(services.exchange, ANN, name, 3);
    }
    sleep(STAMP_SECONDS);
    cr_expect_eq(
        mail_count(&services.op, services.account, folders, 20, counts),
        STATUS_OK);
    cr_expect_eq(counts[7].messages, 3);
    cr_expect_eq(counts[7].recent, 3);
    cr_expect_eq(counts[7].uid_next, 4);
    exchange_reset_calls(services.exchange);
    cr_expect_eq(
        mail_count(&services.op, services.account, folders, 20, counts),
        STATUS_OK);
    cr_expect_eq(exchange_calls(services.exchange, NULL), 1);
    services_deliver(&services, "F3", "new");
    exchange_mark_read(services.exchange, ANN, "F4", 0, true);
    exchange_reset_calls(services.exchange);
    cr_expect_eq(
        mail_count(&services.op, services.account, folders, 20, counts),
        STATUS_OK);
    cr_expect_eq(counts[3].messages, 4);
    cr_expect_leq(exchange_calls(services.exchange, NULL), 3 + 1);
    services_close(&services);
}

/* Makes one of two messages the only one that is read: the counts stay alike.
 */
static void read_only(struct services *services, size_t nth)
{
    exchange_mark_read(services->exchange, ANN, "A", nth, true);
    exchange_mark_read(services->exchange, ANN, "A", 1 - nth, false);
}

static uint32_t flags_of(struct services *services, int64_t folder, size_t nth)
{
    struct mail_view *view = NULL;

    cr_assert_eq(
        mail_look(&services->op, services->account, folder, &view), STATUS_OK);
    uint32_t flags = mail_view_at(view, nth)->flags;
    mail_view_unref(&view);
    return flags;
}

static void expect_second_change_to_show(bool syncable)
{
    struct services services = services_open(EXCHANGE_2016);
    struct mail_counts counts;

    exchange_add_folder(services.exchange, ANN, "A");
    services_deliver(&services, "A", "one");
    services_deliver(&services, "A", "two");
    if (!syncable)
        exchange_set_unsyncable(services.exchange, ANN, "A");
    int64_t a = services_folder(&services, "A");
    for (size_t i = 0; i < 5; i++) {
        read_only(&services, i % 2);
        mail_count(&services.op, services.account, &a, 1, &counts);
        cr_expect_eq(flags_of(&services, a, i % 2), MAIL_SEEN, "%zu", i);
        cr_expect_eq(flags_of(&services, a, 1 - i % 2), 0, "%zu", i);
    }
    services_close(&services);
}

Test(services_sync, sees_the_second_of_two_changes_in_one_second)
{
    expect_second_change_to_show(true);
    expect_second_change_to_show(false);
}

Test(services_sync, shows_each_message_as_recent_to_one_session_only)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    uint32_t first = 0;

    services_deliver(&services, NULL, "one");
    services_uids(&services, inbox);
    mail_recent(&services.op, services.account, inbox, false, &first);
    cr_expect_eq(first, 1);
    mail_recent(&services.op, services.account, inbox, true, &first);
    cr_expect_eq(first, 1);
    mail_recent(&services.op, services.account, inbox, true, &first);
    cr_expect_eq(first, 2);
    services_close(&services);
}

#define LOOKERS 16

struct looker {
    struct services *services;
    int64_t folder;
    size_t count;
    atomic_uint *waiting; /* how many wait for another's answer */
};

static void note_waiting(struct op *op)
{
    struct looker *looker = op->progress_context;

    atomic_fetch_add(looker->waiting, 1);
    op->progress = NULL;
}

/* Keeps Exchange from answering the first until all others wait. */
static void hold(void *context)
{
    while (atomic_load((atomic_uint *)context) < LOOKERS - 1)
        usleep(5000);
}

static void *look(void *context)
{
    struct looker *looker = context;
    struct arena *arena = arena_new();
    struct mail_view *view = NULL;
    struct op op;

    op_init(&op, arena, "test/looker");
    op.progress = note_waiting;
    op.progress_context = looker;
    if (mail_refresh(&op, looker->services->account, looker->folder, &view) ==
        STATUS_OK)
        looker->count = mail_view_count(view);
    mail_view_unref(&view);
    arena_free(&arena);
    return NULL;
}

Test(services_sync, shares_a_call_among_sessions_that_ask_at_once)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    struct looker lookers[LOOKERS];
    pthread_t threads[LOOKERS];
    atomic_uint waiting = 0;

    exchange_fill(services.exchange, ANN, NULL, 100);
    exchange_interject(services.exchange, "SyncFolderItems", hold, &waiting);
    exchange_reset_calls(services.exchange);
    for (int i = 0; i < LOOKERS; i++) {
        lookers[i] = (struct looker){ &services, inbox, 0, &waiting };
        pthread_create(&threads[i], NULL, look, &lookers[i]);
    }
    for (int i = 0; i < LOOKERS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(lookers[i].count, 100);
    }
    cr_expect_leq(exchange_calls(services.exchange, NULL), 4);
    services_close(&services);
}

static void count_change(void *context)
{
    atomic_fetch_add((atomic_int *)context, 1);
}

static bool wait_until_positive(atomic_int *number)
{
    for (int i = 0; i < 2400 && atomic_load(number) == 0; i++)
        usleep(50 * 1000);
    return atomic_load(number) > 0;
}

Test(services_sync, tells_listeners_of_other_sessions_changes_at_once)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    struct mail_flag_change change = { .change = MAIL_ADD, .flags = MAIL_SEEN };
    struct mail_result result;
    atomic_int told = 0, elsewhere = 0;

    services_deliver(&services, NULL, "one");
    services_uids(&services, inbox);
    struct changes_listener *here =
        changes_listen(services.account, inbox, false, count_change, &told);
    struct changes_listener *other =
        changes_listen(services.account, services_folder(&services, "Sent"),
                       false, count_change, &elsewhere);
    mail_change_flags(&services.op, services.account, inbox, (uint32_t[]){ 1 },
                      1, &change, &result);
    cr_expect_gt(atomic_load(&told), 0);
    cr_expect_eq(atomic_load(&elsewhere), 0);
    changes_unlisten(&here);
    changes_unlisten(&other);
    services_close(&services);
}

/* Until nothing is asked for longer than it takes to ask every second. */
static bool comes_to_rest(struct exchange *exchange)
{
    for (int i = 0; i < 60; i++) {
        exchange_reset_calls(exchange);
        usleep(1500 * 1000);
        if (exchange_calls(exchange, NULL) == 0)
            return true;
    }
    return false;
}

Test(services_sync, looks_for_news_only_while_someone_watches)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    atomic_int told = 0;

    services.settings->exchange.poll_interval = 1;
    services_uids(&services, inbox);
    struct changes_listener *listener =
        changes_listen(services.account, inbox, true, count_change, &told);
    services_deliver(&services, NULL, "one");
    cr_expect(wait_until_positive(&told));
    changes_unlisten(&listener);
    cr_expect(comes_to_rest(services.exchange));
    services_close(&services);
}
