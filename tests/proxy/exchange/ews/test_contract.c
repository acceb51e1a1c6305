/*
 * test_contract.c - the backend against the simulated Exchange: the way there,
 * and the folders
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proxy/base/time.h"
#include "proxy/exchange/ews/ews.h"
#include "tests/proxy/exchange/ews/contract.h"

/* --- Doors ---------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name, *user, *password, *auth;
    bool tls;
    unsigned offers;
    enum status status;
    unsigned other; /* requests that are no calls: at most */
} doors[] = {
    { "Basic",                       CONTRACT_USER,          "secret", "auto",  false, EXCHANGE_BASIC, STATUS_OK, 0 },
    { "Basic over TLS",              CONTRACT_USER,          "secret", "auto",  true,  EXCHANGE_BASIC, STATUS_OK, 0 },
    { "NTLM where nothing else is",  CONTRACT_USER,          "secret", "auto",  false, EXCHANGE_NTLM,  STATUS_OK, 2 },
    { "NTLM over TLS",               CONTRACT_USER,          "secret", "ntlm",  true,  EXCHANGE_NTLM,  STATUS_OK, 1 },
    { "NTLM with a domain",          "EXAMPLE\\ann", "secret", "ntlm", false, EXCHANGE_NTLM,  STATUS_OK, 1 },
    { "both",                        CONTRACT_USER,          "secret", "auto",  false, EXCHANGE_BASIC | EXCHANGE_NTLM, STATUS_OK, 0 },
    { "a wrong password",            CONTRACT_USER,          "wrong",  "auto",  false, EXCHANGE_BASIC, STATUS_AUTH_FAILED, 2 },
    { "a wrong password with NTLM",  CONTRACT_USER,          "wrong",  "ntlm",  false, EXCHANGE_NTLM,  STATUS_AUTH_FAILED, 4 },
    { "nobody",                      "eve@example.com", "secret", "auto", false, EXCHANGE_BASIC, STATUS_AUTH_FAILED, 2 },
};
/* clang-format on */

Test(ews_contract, opens_with_what_the_server_offers, .timeout = 600)
{
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        struct contract scene;
        contract_begin_with(&scene, EXCHANGE_2016, doors[i].tls,
                            doors[i].offers);
        mailbox_set(&scene.mailbox, "exchange.auth", doors[i].auth);
        enum status status =
            mailbox_open_as(&scene.mailbox, doors[i].user, doors[i].password);
        cr_expect_eq(status, doors[i].status, "%s: %s, %s", doors[i].name,
                     status_name(status), scene.op->reason);
        cr_expect_leq(exchange_calls(scene.exchange, "HTTP"), doors[i].other,
                      "%s: %u", doors[i].name,
                      exchange_calls(scene.exchange, "HTTP"));
        if (status == STATUS_OK) {
            cr_expect_str_eq(scene.mailbox.about.address, CONTRACT_USER, "%s",
                             doors[i].name);
            cr_expect_leq(exchange_calls(scene.exchange, NULL) -
                              exchange_calls(scene.exchange, "HTTP"),
                          3);
        }
        contract_end(&scene);
    }
}

Test(ews_contract, believes_only_certificates_that_are_known)
{
    struct contract scene;

    contract_begin_with(&scene, EXCHANGE_2016, true, EXCHANGE_BASIC);
    mailbox_set(&scene.mailbox, "exchange.ca", "");
    cr_expect_eq(mailbox_open_as(&scene.mailbox, CONTRACT_USER, "secret"),
                 STATUS_UNAVAILABLE);
    cr_expect_not_null(strstr(scene.op->reason, "ertificate"), "%s",
                       scene.op->reason);
    cr_expect_eq(exchange_calls(scene.exchange, NULL), 0);
    contract_end(&scene);
}

/* --- Folders -------------------------------------------------------------- */

static void check_tree(struct contract *scene, const char *version)
{
    static const struct {
        enum folder_use use;
        const char *name;
        enum folder_kind kind;
    } uses[] = {
        { FOLDER_INBOX, "Inbox", FOLDER_MAIL },
        { FOLDER_DRAFTS, "Drafts", FOLDER_MAIL },
        { FOLDER_SENT, "Sent Items", FOLDER_MAIL },
        { FOLDER_TRASH, "Deleted Items", FOLDER_MAIL },
        { FOLDER_CALENDAR_MAIN, "Calendar", FOLDER_CALENDAR },
        { FOLDER_CONTACTS_MAIN, "Contacts", FOLDER_CONTACTS },
        { FOLDER_TASKS_MAIN, "Tasks", FOLDER_TASKS },
    };
    struct tree tree;

    cr_assert_eq(contract_tree(scene, NULL, &tree), STATUS_OK, "%s: %s",
                 version, scene->op->reason);
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        const struct remote_folder *folder =
            contract_tree_find(&tree, uses[i].use);
        cr_assert_not_null(folder, "%s: %s", version, uses[i].name);
        cr_expect_str_eq(folder->name, uses[i].name, "%s", version);
        cr_expect_eq(folder->kind, uses[i].kind, "%s: %s", version,
                     uses[i].name);
        cr_expect(!folder->hidden && folder->syncable, "%s: %s", version,
                  uses[i].name);
    }
}

static void change_tree(struct contract *scene, const char *version)
{
    const struct backend *b = &ews_backend;
    struct tree tree;
    const char *parent, *child, *again;

    contract_tree(scene, NULL, &tree);
    char *state = tree.state;
    cr_expect_eq(b->folder_create(scene->op, scene->remote, NULL, FOLDER_MAIL,
                                  "A <&> \"B\" \xc3\xa4", &parent),
                 STATUS_OK, "%s", version);
    cr_expect_eq(b->folder_create(scene->op, scene->remote, parent, FOLDER_MAIL,
                                  "c/d", &child),
                 STATUS_OK, "%s", version);
    cr_expect_eq(b->folder_create(scene->op, scene->remote, parent, FOLDER_MAIL,
                                  "C/D", &again),
                 STATUS_EXISTS, "%s", version);
    cr_expect_null(again);
    cr_assert_eq(contract_tree(scene, state, &tree), STATUS_OK);
    cr_assert_eq(tree.count, 2, "%s: %zu", version, tree.count);
    cr_expect_str_eq(tree.folders[0].name, "A <&> \"B\" \xc3\xa4");
    cr_expect_str_eq(tree.folders[1].parent, parent);
    cr_expect_str_eq(tree.folders[1].id, child);

    state = tree.state;
    cr_expect_eq(b->folder_update(scene->op, scene->remote, child, "e", ""),
                 STATUS_OK, "%s: %s", version, scene->op->reason);
    cr_assert_eq(contract_tree(scene, state, &tree), STATUS_OK);
    cr_expect_eq(tree.count, 1, "%s", version);
    cr_expect_str_eq(tree.folders[0].name, "e");
    cr_expect_str_neq(tree.folders[0].parent, parent);

    state = tree.state;
    cr_expect_eq(
        b->folder_delete(scene->op, scene->remote, child, REMOTE_DELETE_HARD),
        STATUS_OK);
    cr_assert_eq(contract_tree(scene, state, &tree), STATUS_OK);
    cr_expect_eq(tree.gone, 1, "%s", version);
    cr_expect_eq(
        b->folder_delete(scene->op, scene->remote, child, REMOTE_DELETE_HARD),
        STATUS_NO_FOLDER, "%s", version);
    cr_expect_eq(b->folder_update(scene->op, scene->remote, child, "f", NULL),
                 STATUS_NO_FOLDER, "%s", version);
}

static void check_stamps(struct contract *scene, const char *version)
{
    const char *ids[] = { contract_folder(scene, FOLDER_INBOX),
                          "bm9uZQ==", contract_folder(scene, FOLDER_SENT) };
    struct remote_stamp before[3], after[3];

    cr_assert_eq(
        ews_backend.folder_stamps(scene->op, scene->remote, ids, 3, before),
        STATUS_OK, "%s: %s", version, scene->op->reason);
    cr_expect_eq(before[1].status, STATUS_NO_FOLDER, "%s: %s", version,
                 status_name(before[1].status));
    contract_add_many(scene, 3);
    cr_assert_eq(
        ews_backend.folder_stamps(scene->op, scene->remote, ids, 3, after),
        STATUS_OK);
    cr_expect_eq(after[0].total, before[0].total + 3, "%s", version);
    cr_expect_eq(after[0].unread, before[0].unread + 2, "%s", version);
    cr_expect_eq(after[2].total, before[2].total, "%s", version);
    cr_expect_eq(after[2].committed, before[2].committed, "%s", version);
    cr_expect_geq(after[2].taken, before[2].taken, "%s", version);
    cr_expect_leq(after[0].committed, after[0].taken + 2, "%s", version);
    cr_expect_neq(after[0].committed, TIME_NONE, "%s", version);
}

Test(ews_contract, keeps_the_folder_tree, .timeout = 600)
{
    for (enum exchange_version v = 0; v < EXCHANGE_VERSION_COUNT; v++) {
        struct contract scene;
        contract_begin(&scene, v);
        check_tree(&scene, contract_versions[v]);
        change_tree(&scene, contract_versions[v]);
        check_stamps(&scene, contract_versions[v]);
        contract_end(&scene);
    }
}

/* --- Ways to the server --------------------------------------------------- */

static void send_on(void *context, const struct server_request *request,
                    struct server_reply *reply)
{
    (void)request;
    reply->status = 302;
    reply->headers = context;
}

Test(ews_contract, follows_the_server_to_another_one_over_tls)
{
    struct contract scene;
    char location[256];

    contract_begin_with(&scene, EXCHANGE_2016, true, EXCHANGE_BASIC);
    snprintf(location, sizeof location, "Location: %s\r\n",
             exchange_url(scene.exchange));
    struct server *server = server_new(send_on, location);
    mailbox_set(&scene.mailbox, "exchange.url", server_url(server));
    cr_expect_eq(mailbox_open_as(&scene.mailbox, CONTRACT_USER, "secret"),
                 STATUS_OK, "%s", scene.op->reason);
    cr_expect_eq(server_requests(server), 1, "and remembers the way");
    server_free(&server);
    contract_end(&scene);
}
