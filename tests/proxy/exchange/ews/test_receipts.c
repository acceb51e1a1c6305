/*
 * test_receipts.c - reading and deleting without telling the senders
 */
#include <criterion/criterion.h>
#include <limits.h>
#include <string.h>

#include "proxy/base/time.h"
#include "tests/exchange/exchange.h"
#include "tests/proxy/exchange/ews/mailbox.h"

#define USER "ann@example.com"
#define SENDER "bob@example.com"
#define ASKING                                                                 \
    "From: " SENDER "\r\nTo: " USER "\r\nSubject: Seen?\r\n"                   \
    "Disposition-Notification-To: " SENDER "\r\n\r\nx\r\n"
#define SILENT "From: " SENDER "\r\nTo: " USER "\r\nSubject: Hello\r\n\r\nx\r\n"

#define IDS_MAX 8

struct scene {
    struct exchange *exchange;
    struct mailbox mailbox;
    const char *ids[IDS_MAX];
    size_t count;
};

static void begin(struct scene *scene, enum exchange_version version)
{
    *scene = (struct scene){ .exchange = exchange_new(version) };
    exchange_add_user(scene->exchange, USER, "Ann", "secret", "en");
    exchange_add_user(scene->exchange, SENDER, "Bob", "secret", "en");
    cr_assert(exchange_serve(scene->exchange, 0, false, EXCHANGE_BASIC) != 0);
    mailbox_init(&scene->mailbox, exchange_url(scene->exchange));
    mailbox_set(&scene->mailbox, "store.path", "memory");
    cr_assert_eq(mailbox_open_as(&scene->mailbox, USER, "secret"), STATUS_OK,
                 "%s", scene->mailbox.op.reason);
}

static void end(struct scene *scene)
{
    mailbox_fini(&scene->mailbox);
    exchange_stop(scene->exchange);
    exchange_free(&scene->exchange);
}

static void add(struct scene *scene, const char *text)
{
    scene->ids[scene->count++] =
        exchange_add_message(scene->exchange, USER, NULL, text, strlen(text),
                             1700000000, false);
}

/* --- What is done to the messages ----------------------------------------- */

enum action { READ, FLAG, UNREAD, DELETE };

static void act(struct scene *scene, enum action action)
{
    struct op *op = &scene->mailbox.op;
    struct remote *remote = scene->mailbox.remote;
    struct remote_update updates[IDS_MAX] = { 0 };
    struct remote_result results[IDS_MAX];

    for (size_t i = 0; i < scene->count; i++) {
        updates[i].id = scene->ids[i];
        updates[i].old_flags = action == UNREAD ? MAIL_SEEN : 0;
        updates[i].flags = action == READ   ? MAIL_SEEN
                           : action == FLAG ? MAIL_FLAGGED
                                            : 0;
    }
    cr_expect_eq(action == DELETE
                     ? ews_backend.items_delete(op, remote, scene->ids,
                                                scene->count,
                                                REMOTE_DELETE_SOFT, results)
                     : ews_backend.items_update(op, remote, updates,
                                                scene->count, results),
                 STATUS_OK);
    for (size_t i = 0; i < scene->count; i++)
        cr_expect_eq(results[i].status, STATUS_OK);
    cr_expect_null(op->reason, "%s", op->reason);
}

/* clang-format off */
static const struct {
    const char *name;
    enum exchange_version version;
    const char *messages[3];
    enum action action;
    unsigned looks, suppressions, calls;
} cases[] = {
    { "2007, read",        EXCHANGE_2007_SP1, { ASKING, SILENT, ASKING }, READ,   1, 1, 3 },
    { "2007, deleted",     EXCHANGE_2007_SP1, { ASKING, SILENT, ASKING }, DELETE, 1, 1, 3 },
    { "2007, none asks",   EXCHANGE_2007_SP1, { SILENT, SILENT, SILENT }, READ,   1, 0, 2 },
    { "2007, only a flag", EXCHANGE_2007_SP1, { ASKING, SILENT, ASKING }, FLAG,   0, 0, 1 },
    { "2007, unread",      EXCHANGE_2007_SP1, { ASKING, SILENT, ASKING }, UNREAD, 0, 0, 1 },
    { "2010, read",        EXCHANGE_2010_SP2, { ASKING, SILENT, ASKING }, READ,   1, 1, 3 },
    { "2010, deleted",     EXCHANGE_2010_SP2, { ASKING, SILENT, ASKING }, DELETE, 1, 1, 3 },
    { "2013, read",        EXCHANGE_2013_SP1, { ASKING, SILENT, ASKING }, READ,   0, 0, 1 },
    { "2013, deleted",     EXCHANGE_2013_SP1, { ASKING, SILENT, ASKING }, DELETE, 0, 0, 1 },
};
/* clang-format on */

Test(ews_receipts, are_suppressed_by_what_the_server_understands)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene scene;

        begin(&scene, cases[i].version);
        for (size_t k = 0; k < 3; k++)
            add(&scene, cases[i].messages[k]);
        exchange_reset_calls(scene.exchange);
        act(&scene, cases[i].action);
        cr_expect_eq(exchange_calls(scene.exchange, "GetItem"), cases[i].looks,
                     "%s", cases[i].name);
        cr_expect_eq(exchange_calls(scene.exchange, "CreateItem"),
                     cases[i].suppressions, "%s", cases[i].name);
        cr_expect_eq(exchange_calls(scene.exchange, NULL), cases[i].calls, "%s",
                     cases[i].name);
        cr_expect_eq(exchange_count(scene.exchange, SENDER, NULL), 0, "%s",
                     cases[i].name);
        end(&scene);
    }
}

Test(ews_receipts, are_suppressed_again_after_a_lost_answer)
{
    struct exchange_fault_rule lost = { "CreateItem", FAULT_RESET_AFTER,
                                        0, 1, 0, NULL };
    struct scene scene;

    begin(&scene, EXCHANGE_2007_SP1);
    add(&scene, ASKING);
    exchange_set_fault(scene.exchange, &lost);
    act(&scene, READ);
    cr_expect_eq(exchange_calls(scene.exchange, "CreateItem"), 2);
    cr_expect_eq(exchange_count(scene.exchange, SENDER, NULL), 0);
    end(&scene);
}

Test(ews_receipts, do_not_keep_a_message_from_being_read)
{
    struct exchange_fault_rule refused = { "CreateItem", FAULT_RESPONSE_CODE,
                                           0, UINT_MAX, 0,
                                           "ErrorAccessDenied" };
    struct scene scene;

    begin(&scene, EXCHANGE_2010_SP2);
    add(&scene, ASKING);
    exchange_set_fault(scene.exchange, &refused);
    act(&scene, READ);
    cr_expect_eq(exchange_calls(scene.exchange, "UpdateItem"), 1);
    cr_expect_eq(exchange_count(scene.exchange, SENDER, NULL), 1);
    end(&scene);
}

Test(ews_receipts, are_not_risked_while_exchange_cannot_be_asked)
{
    struct exchange_fault_rule down = { "GetItem", FAULT_HTTP_503, 0, UINT_MAX,
                                        0, NULL };
    struct remote_update update = { .flags = MAIL_SEEN };
    struct remote_result result;
    struct scene scene;

    begin(&scene, EXCHANGE_2007_SP1);
    add(&scene, ASKING);
    update.id = scene.ids[0];
    exchange_set_fault(scene.exchange, &down);
    /* As if it had been tried for an hour already. */
    scene.mailbox.op.failing_since = time_monotonic_ms() - 3600 * 1000;
    cr_expect_eq(ews_backend.items_update(&scene.mailbox.op,
                                          scene.mailbox.remote, &update, 1,
                                          &result),
                 STATUS_BUSY);
    cr_expect_eq(result.status, STATUS_BUSY);
    cr_expect_not_null(scene.mailbox.op.reason);
    cr_expect_eq(exchange_calls(scene.exchange, "UpdateItem"), 0);
    end(&scene);
}
