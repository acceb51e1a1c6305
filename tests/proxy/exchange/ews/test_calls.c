/*
 * test_calls.c - what goes wrong on the way to Exchange, for reading and for
 * writing
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "proxy/base/base64.h"
#include "proxy/base/time.h"
#include "tests/proxy/exchange/ews/mailbox.h"

/* --- One fault, once or for ever ------------------------------------------ */

enum trouble {
    T_NONE,
    T_RESET,
    T_CLOSE,
    T_CUT,
    T_HANG,
    T_401,
    T_429,
    T_500,
    T_502,
    T_503,
    T_PAGE,
    T_MALFORMED,
    T_EMPTY,
    T_NO_SOAP,
    T_BUSY_FAULT,
    T_SCHEMA_FAULT,
    T_ERROR_PAGE,
    T_OLD_FAULT,
    T_OLD_PAGE,
    T_ITEM_BUSY,
    T_TOO_FEW
};

struct fault {
    enum trouble trouble;
    size_t times;
    size_t met; /* calls of the operation that met it */
};

static char *fault_text(const char *code, const char *more)
{
    char *text;

    if (asprintf(
            &text,
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"
            "<s:Body><s:Fault><faultcode>a:%s</faultcode><faultstring>No.</"
            "faultstring>"
            "<detail><e:ResponseCode "
            "xmlns:e=\"urn:e\">%s</e:ResponseCode>%s</detail>"
            "</s:Fault></s:Body></s:Envelope>",
            code, code, more) < 0)
        abort();
    return text;
}

/* clang-format off */
static void break_answer(enum trouble trouble, struct server_reply *reply)
{
    static const char busy[] =
        "<t:MessageXml xmlns:t=\"urn:t\"><t:Value Name=\"BackOffMilliseconds\">300"
        "</t:Value></t:MessageXml>";

    switch (trouble) {
    case T_RESET: reply->end = SERVER_RESET; break;
    case T_CLOSE: reply->status = 500; reply->end = SERVER_CLOSE; break;
    case T_HANG: reply->end = SERVER_HANG; break;
    case T_401: reply->status = 401; reply->headers = "WWW-Authenticate: Basic\r\n"; break;
    case T_429: reply->status = 429; reply->headers = "Retry-After: 1\r\n"; break;
    case T_500: reply->status = 500; reply->type = "text/html"; reply->body = strdup("<p>Server Error"); break;
    case T_502: reply->status = 502; break;
    case T_503: reply->status = 503; break;
    case T_PAGE: reply->type = "text/html"; reply->body = strdup("<html>Log on</html>"); break;
    case T_MALFORMED: reply->body = strdup("<a><b></a>"); break;
    case T_EMPTY: break;
    case T_NO_SOAP: reply->body = strdup("<a/>"); break;
    case T_BUSY_FAULT: reply->status = 500; reply->body = fault_text("ErrorServerBusy", busy); break;
    case T_SCHEMA_FAULT: reply->status = 500; reply->body = fault_text("ErrorSchemaValidation", ""); break;
    case T_OLD_FAULT: reply->status = 500; reply->body = fault_text("ErrorInvalidServerVersion", ""); break;
    case T_OLD_PAGE:
        reply->status = 500;
        reply->type = "text/plain";
        reply->body = strdup("The specified server version is invalid.");
        break;
    case T_ERROR_PAGE: reply->status = 302; reply->headers = "Location: /ews/genericerrorpage.htm\r\n"; break;
    case T_ITEM_BUSY:
        reply->body = server_soap("X", BUILD_2016,
            "<m:X ResponseClass=\"Error\"><m:MessageText>!</m:MessageText><m:ResponseCode>"
            "ErrorServerBusy</m:ResponseCode><m:MessageXml><t:Value Name=\"BackOffMilliseconds\">"
            "200</t:Value></m:MessageXml></m:X>");
        break;
    case T_TOO_FEW: reply->body = server_soap("X", BUILD_2016, ""); break;
    case T_NONE: case T_CUT: break;
    }
}
/* clang-format on */

static bool meet(struct responder *responder,
                 const struct server_request *request, const char *operation,
                 struct server_reply *reply)
{
    struct fault *fault = responder->context;

    (void)request;
    if (strcmp(operation, "GetItem") != 0 &&
        strcmp(operation, "DeleteItem") != 0 &&
        strcmp(operation, "CreateItem") != 0)
        return false;
    responder->calls++;
    if (fault->met == fault->times)
        return false;
    fault->met++;
    if (fault->trouble == T_CUT) {
        reply->body =
            server_soap(operation, BUILD_2016,
                        "<m:M ResponseClass=\"Success\"><m:ResponseCode>"
                        "NoError</m:ResponseCode>");
        reply->cut = 40;
        return true;
    }
    break_answer(fault->trouble, reply);
    return true;
}

static bool keep_status(void *context, size_t index, enum status status,
                        const struct remote_item *item)
{
    (void)index, (void)item;
    *(enum status *)context = status;
    return true;
}

/* clang-format off */

/* What comes of a fault that happens once, and of one that stays, for reading an item
 * and for storing one; with the number of calls.  0 calls: as many as it takes. */
static const struct {
    const char *name;
    enum trouble trouble;
    enum status read_once;   size_t read_calls;
    enum status write_once;  size_t write_calls;
    enum status read_always, write_always;
} faults[] = {
    { "a reset",              T_RESET,        STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
    { "an early end",         T_CLOSE,        STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
    { "half an answer",       T_CUT,          STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
    { "silence",              T_HANG,         STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_TIMEOUT,     STATUS_UNCERTAIN },
    { "401",                  T_401,          STATUS_OK, 2,       STATUS_OK, 2,          STATUS_AUTH_FAILED, STATUS_AUTH_FAILED },
    { "429",                  T_429,          STATUS_OK, 2,       STATUS_OK, 2,          STATUS_BUSY,        STATUS_BUSY },
    { "500 with a page",      T_500,          STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
    { "502",                  T_502,          STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
    { "503",                  T_503,          STATUS_OK, 2,       STATUS_OK, 2,          STATUS_BUSY,        STATUS_BUSY },
    { "a login page",         T_PAGE,         STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
    { "no XML",               T_MALFORMED,    STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
    { "an empty answer",      T_EMPTY,        STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
    { "other XML",            T_NO_SOAP,      STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
    { "no answers",           T_TOO_FEW,      STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
    { "ErrorServerBusy",      T_BUSY_FAULT,   STATUS_OK, 2,       STATUS_OK, 2,          STATUS_BUSY,        STATUS_BUSY },
    { "ErrorServerBusy within", T_ITEM_BUSY,  STATUS_OK, 2,       STATUS_OK, 2,          STATUS_BUSY,        STATUS_BUSY },
    { "a refused request",    T_SCHEMA_FAULT, STATUS_INTERNAL, 1, STATUS_INTERNAL, 1,    STATUS_INTERNAL,    STATUS_INTERNAL },
    { "an older mailbox",     T_OLD_FAULT,    STATUS_OK, 2,       STATUS_OK, 2,          STATUS_UNSUPPORTED, STATUS_UNSUPPORTED },
    { "the same as a text",   T_OLD_PAGE,     STATUS_OK, 2,       STATUS_OK, 2,          STATUS_UNSUPPORTED, STATUS_UNSUPPORTED },
    { "the error page",       T_ERROR_PAGE,   STATUS_OK, 2,       STATUS_UNCERTAIN, 1,   STATUS_UNAVAILABLE, STATUS_UNCERTAIN },
};
/* clang-format on */

static enum status read_one(struct mailbox *mailbox)
{
    const char *ids[] = { "one" };
    enum status each = STATUS_OK;
    enum status status = ews_backend.items_get(&mailbox->op, mailbox->remote,
                                               ids, 1, keep_status, &each);

    return status != STATUS_OK ? status : each;
}

static enum status write_one(struct mailbox *mailbox)
{
    struct spool *spool = mailbox_spool("A: b\r\n\r\n", 8);
    struct remote_new item = { .content = spool,
                               .received = TIME_NONE,
                               .token = "t" };
    struct remote_result result;
    enum status status = ews_backend.item_create(&mailbox->op, mailbox->remote,
                                                 "f", &item, &result);

    cr_expect_eq(status, result.status);
    spool_free(&spool);
    return status;
}

static void suffer(enum trouble trouble, size_t times, bool write,
                   enum status expected, size_t calls, const char *name)
{
    struct fault fault = { .trouble = trouble, .times = times };
    struct responder responder = { .build = BUILD_2016,
                                   .special = meet,
                                   .context = &fault };
    struct server *server = server_new(responder_answer, &responder);
    struct mailbox mailbox;
    const char *how = times == 1 ? "once" : "always";

    mailbox_init(&mailbox, server_url(server));
    if (times > 1)
        mailbox_set(&mailbox, "exchange.patience", "1");
    if (trouble == T_HANG)
        mailbox_set(&mailbox, "exchange.timeout", "5");
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK, "%s: %s", name,
                 mailbox.op.reason);
    enum status status = write ? write_one(&mailbox) : read_one(&mailbox);
    cr_expect_eq(status, expected, "%s %s, %s: %s (%s)", name, how,
                 write ? "writing" : "reading", status_name(status),
                 mailbox.op.reason);
    cr_expect_eq(mailbox.op.reason != NULL, status != STATUS_OK, "%s: a reason",
                 name);
    mailbox_fini(&mailbox);
    server_free(&server);
    if (calls > 0)
        cr_expect_eq(responder.calls, calls, "%s %s, %s: %zu calls", name, how,
                     write ? "writing" : "reading", responder.calls);
}

Test(ews_calls, are_made_again_only_where_that_is_safe, .timeout = 600)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        suffer(faults[i].trouble, 1, false, faults[i].read_once,
               faults[i].read_calls, faults[i].name);
        suffer(faults[i].trouble, 1, true, faults[i].write_once,
               faults[i].write_calls, faults[i].name);
    }
}

Test(ews_calls, end_with_patience, .timeout = 600)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        suffer(faults[i].trouble, SIZE_MAX, false, faults[i].read_always, 0,
               faults[i].name);
        suffer(faults[i].trouble, SIZE_MAX, true, faults[i].write_always, 0,
               faults[i].name);
    }
}

/* What is still to be found out when patience has ended is asked quickly. */
Test(ews_calls, are_short_once_patience_has_ended)
{
    struct fault fault = { .trouble = T_HANG, .times = SIZE_MAX };
    struct responder responder = { .build = BUILD_2016,
                                   .special = meet,
                                   .context = &fault };
    struct server *server = server_new(responder_answer, &responder);
    struct mailbox mailbox;

    mailbox_init(&mailbox, server_url(server));
    mailbox_set(&mailbox, "exchange.timeout", "1h");
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    mailbox.op.failing_since = time_monotonic_ms() - 3600 * 1000;
    cr_expect_eq(read_one(&mailbox), STATUS_TIMEOUT);
    mailbox_fini(&mailbox);
    server_free(&server);
}

/* --- Other stores --------------------------------------------------------- */

#define NOT_THERE                                                              \
    "<m:M ResponseClass=\"Error\"><m:ResponseCode>ErrorItemNotFound"           \
    "</m:ResponseCode></m:M>"

/* The root of a shared mailbox is closed, one folder in it is away. */
static bool look_closed(struct responder *responder,
                        const struct server_request *request,
                        const char *operation, struct server_reply *reply)
{
    const char *code = responder->context;
    char *messages;

    if (strcmp(operation, "GetFolder") != 0 ||
        strstr(request->body, "sales@example.com") == NULL)
        return false;
    if (asprintf(&messages,
                 "<m:M ResponseClass=\"Error\"><m:ResponseCode>"
                 "ErrorAccessDenied</m:ResponseCode></m:M>"
                 "<m:M ResponseClass=\"Success\"><m:ResponseCode>NoError"
                 "</m:ResponseCode><m:Folders><t:Folder><t:FolderId Id=\"in\"/>"
                 "</t:Folder></m:Folders></m:M>"
                 "<m:M ResponseClass=\"Error\"><m:ResponseCode>%s"
                 "</m:ResponseCode></m:M>" NOT_THERE NOT_THERE NOT_THERE
                     NOT_THERE NOT_THERE NOT_THERE NOT_THERE,
                 code) < 0)
        abort();
    reply->body = server_soap(operation, BUILD_2016, messages);
    free(messages);
    return true;
}

static enum status look_at_shared(const char *code, size_t *count_out)
{
    struct responder responder = { .build = BUILD_2016,
                                   .special = look_closed,
                                   .context = (void *)code };
    const struct remote_store store = { FOLDER_SHARED, "sales@example.com" };
    struct server *server = server_new(responder_answer, &responder);
    struct remote_folder *folders;
    struct mailbox mailbox;

    mailbox_init(&mailbox, server_url(server));
    mailbox_set(&mailbox, "exchange.patience", "0");
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    enum status status = ews_backend.store_folders(
        &mailbox.op, mailbox.remote, &store, NULL, 0, &folders, count_out);
    mailbox_fini(&mailbox);
    server_free(&server);
    return status;
}

Test(ews_stores, take_what_is_closed_for_gone_but_not_what_is_away)
{
    size_t count;

    cr_expect_eq(look_at_shared("ErrorAccessDenied", &count), STATUS_OK);
    cr_expect_eq(count, 1);
    cr_expect_neq(look_at_shared("ErrorMailboxStoreUnavailable", &count),
                  STATUS_OK);
}

/* --- Logging in ----------------------------------------------------------- */

static bool look_at_login(struct responder *responder,
                          const struct server_request *request,
                          const char *operation, struct server_reply *reply)
{
    (void)operation;
    const char *anchor = request->number < 2
                             ? "X-AnchorMailbox: ann@example.com\r\n"
                             : "X-AnchorMailbox: Ann.Lee@example.com\r\n";
    /* ann@example.com:secret */
    if (strstr(request->head,
               "Authorization: Basic YW5uQGV4YW1wbGUuY29tOnNlY3JldA==\r\n"))
        responder->calls++;
    cr_expect_not_null(strstr(request->head, anchor), "%s", request->head);
    cr_expect_not_null(strstr(request->head, "client-request-id: "));
    cr_expect_not_null(strstr(request->head, "Accept-Encoding: gzip\r\n"));
    cr_expect_not_null(
        strstr(request->head, "Content-Type: text/xml; charset=utf-8"));
    cr_expect_null(strstr(request->head, "Expect:"));
    /* What a balancer gives with the first answer comes with all that follow.
     */
    reply->headers = "Set-Cookie: exchangecookie=abc; path=/\r\n";
    cr_expect_eq(strstr(request->head, "Cookie: exchangecookie=abc") != NULL,
                 request->number > 0);
    return false;
}

Test(ews_login, gives_the_password_at_once_and_keeps_the_connection)
{
    struct responder responder = { .build = BUILD_2016,
                                   .special = look_at_login };
    struct server *server = server_new(responder_answer, &responder);
    struct mailbox mailbox;

    mailbox_init(&mailbox, server_url(server));
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    cr_expect_eq(read_one(&mailbox), STATUS_OK);
    cr_expect_eq(server_requests(server), 4);
    cr_expect_eq(responder.calls, 4);
    cr_expect_eq(server_connections(server), 1);
    cr_expect_str_eq(mailbox.about.address, "Ann.Lee@example.com");
    cr_expect_str_eq(mailbox.about.version, "Exchange 2016 (15.1.2507)");
    cr_expect_gt(mailbox.about.message_limit, 48000000);
    mailbox_fini(&mailbox);
    server_free(&server);
}

static void refuse(void *context, const struct server_request *request,
                   struct server_reply *reply)
{
    (void)request;
    reply->status = 401;
    reply->headers = context;
}

/* clang-format off */
static const struct {
    const char *name, *offer, *auth;
    size_t requests;
} refusals[] = {
    { "Basic is tried twice, and not more",       "WWW-Authenticate: Basic realm=x\r\n", "auto", 2 },
    { "and without an offer",                     NULL, "auto", 2 },
    /* After the one with Basic, two tries of two legs that get no challenge. */
    { "NTLM where only that is offered",          "WWW-Authenticate: NTLM\r\n", "auto", 5 },
    { "nothing else where the setting says so",   "WWW-Authenticate: NTLM\r\n", "basic", 2 },
};
/* clang-format on */

Test(ews_login, does_not_lock_anybody_out)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct server *server = server_new(refuse, (void *)refusals[i].offer);
        struct mailbox mailbox;
        mailbox_init(&mailbox, server_url(server));
        mailbox_set(&mailbox, "exchange.auth", refusals[i].auth);
        cr_expect_eq(mailbox_open(&mailbox), STATUS_AUTH_FAILED, "%s",
                     refusals[i].name);
        cr_expect_null(mailbox.remote);
        cr_expect_eq(server_requests(server), refusals[i].requests, "%s: %zu",
                     refusals[i].name, server_requests(server));
        mailbox_fini(&mailbox);
        server_free(&server);
    }
}

static void redirect(void *context, const struct server_request *request,
                     struct server_reply *reply)
{
    (void)request;
    reply->status = 302;
    reply->headers = context;
}

static const struct {
    const char *url;
    const char *complaint;
} unsafe_addresses[] = {
    { "http://exchange.example.com/EWS/Exchange.asmx", "https://" },
    { "http://localhost.example.com/EWS/Exchange.asmx", "https://" },
    { "http://localhost:80@exchange.example.com/EWS/Exchange.asmx",
      "user's name" },
    { "https://ann:secret@exchange.example.com/EWS/Exchange.asmx",
      "user's name" },
};

Test(ews_login, goes_to_no_address_that_is_not_safe)
{
    for (size_t i = 0; i < sizeof unsafe_addresses / sizeof *unsafe_addresses;
         i++) {
        struct mailbox mailbox;

        mailbox_init(&mailbox, unsafe_addresses[i].url);
        cr_expect_eq(mailbox_open(&mailbox), STATUS_UNAVAILABLE);
        cr_expect_not_null(
            strstr(mailbox.op.reason, unsafe_addresses[i].complaint), "%s",
            unsafe_addresses[i].url);
        mailbox_fini(&mailbox);
    }
}

Test(ews_login, gives_no_password_to_where_it_would_be_seen)
{
    struct responder responder = { .build = BUILD_2016 };
    struct server *other = server_new(responder_answer, &responder);
    char location[128];
    struct mailbox mailbox;

    snprintf(location, sizeof location, "Location: %s\r\n", server_url(other));
    struct server *server = server_new(redirect, location);
    mailbox_init(&mailbox, server_url(server));
    mailbox_set(&mailbox, "exchange.patience", "0");
    cr_expect_eq(mailbox_open(&mailbox), STATUS_UNAVAILABLE);
    cr_expect_eq(server_requests(other), 0);
    mailbox_fini(&mailbox);
    server_free(&server);
    server_free(&other);
}

Test(ews_login, says_that_nobody_is_there)
{
    struct mailbox mailbox;

    mailbox_init(&mailbox, "http://127.0.0.1:9/EWS/Exchange.asmx");
    mailbox_set(&mailbox, "exchange.patience", "0");
    cr_expect_eq(mailbox_open(&mailbox), STATUS_UNAVAILABLE);
    cr_expect_not_null(mailbox.op.reason);
    mailbox_fini(&mailbox);
}

/* --- Batches -------------------------------------------------------------- */

struct script {
    const char *const *codes; /* by call: a letter for each thing: see below */
    size_t calls;
    char asked[16][64]; /* the ids of each call */
};

/* Answers k: done, t: a passing trouble, s: stopped, x: not found, -: nothing
 * at all. */
/* clang-format off */
static const char *code_of(char letter)
{
    switch (letter) {
    case 'k': return "NoError";
    case 't': return "ErrorInternalServerTransientError";
    case 's': return "ErrorBatchProcessingStopped";
    case 'i': return "ErrorInternalServerError";
    default: return "ErrorItemNotFound";
    }
}
/* clang-format on */

static bool follow_script(struct responder *responder,
                          const struct server_request *request,
                          const char *operation, struct server_reply *reply)
{
    struct script *script = responder->context;
    char messages[8192] = "";

    if (strcmp(operation, "MoveItem") != 0 && strcmp(operation, "GetItem") != 0)
        return false;
    const char *codes = script->codes[script->calls];
    char *asked = script->asked[script->calls++];
    for (const char *id = request->body; (id = strstr(id, "<t:ItemId Id=\""));
         id++)
        strncat(asked, id + 14, 1);
    for (; *codes != '\0' && *codes != '-' && *codes != '~'; codes++) {
        char *end = messages + strlen(messages);
        const char *code = code_of(*codes);
        const char *class = *codes == 'k'   ? "Success"
                            : *codes == 's' ? "Warning"
                                            : "Error";
        sprintf(
            end,
            "<m:M "
            "ResponseClass=\"%s\"><m:ResponseCode>%s</m:ResponseCode>%s</m:M>",
            class, code,
            *codes == 'k' ? "<m:Items><t:Message><t:ItemId Id=\"new\" "
                            "ChangeKey=\"k\"/></t:Message></m:Items>"
                          : "");
    }
    reply->body = server_soap(operation, BUILD_2016, messages);
    if (*codes == '~')
        reply->cut = 60;
    return true;
}

/* clang-format off */
static const struct {
    const char *name;
    bool write;
    const char *codes[8];   /* what each call answers */
    const char *asked[8];   /* and what it must have asked for */
    const char *results;    /* o: done, x: not found, u: uncertain, t: unavailable */
} scripts[] = {
    { "all at once",                    true,  { "kkkk" },             { "abcd" },                "oooo" },
    { "a lost one among others",        true,  { "kxkk" },             { "abcd" },                "oxoo" },
    { "passing troubles alone again",   true,  { "ktkt", "tk", "k" },  { "abcd", "bd", "b" },     "oooo" },
    { "the rest after a stop",          true,  { "kkss", "kk" },       { "abcd", "cd" },          "oooo" },
    { "smaller after a stop",           true,  { "ssss", "ks", "k", "k", "k" }, { "abcd", "ab", "b", "c", "d" }, "oooo" },
    { "a torn answer ends a write",     true,  { "kk~" },              { "abcd" },                "oouu" },
    { "too few answers end a write",    true,  { "kk-" },              { "abcd" },                "oouu" },
    { "trouble inside a write",         true,  { "kikk" },             { "abcd" },                "ouoo" },
    { "reading goes on after a tear",   false, { "kk~", "kk" },        { "abcd", "cd" },          "oooo" },
    { "and after too few answers",      false, { "k-", "xk-", "k" },   { "abcd", "bcd", "d" },    "oxoo" },
    { "and after trouble inside",       false, { "kikk", "k" },        { "abcd", "b" },           "oooo" },
};
/* clang-format on */

struct read_results {
    char text[8];
    size_t next;
};

static bool keep_in_order(void *context, size_t index, enum status status,
                          const struct remote_item *item)
{
    struct read_results *results = context;

    cr_expect_eq(index, results->next++, "in order");
    cr_expect_eq(item != NULL, status == STATUS_OK);
    results->text[index] = status == STATUS_OK          ? 'o'
                           : status == STATUS_NOT_FOUND ? 'x'
                                                        : '?';
    return true;
}

static void run_script(size_t i)
{
    struct script script = { .codes = scripts[i].codes };
    struct responder responder = { .build = BUILD_2016,
                                   .special = follow_script,
                                   .context = &script };
    struct server *server = server_new(responder_answer, &responder);
    const char *ids[] = { "a", "b", "c", "d" };
    struct read_results read = { 0 };
    struct remote_result results[4];
    struct mailbox mailbox;

    mailbox_init(&mailbox, server_url(server));
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    if (scripts[i].write) {
        ews_backend.items_move(&mailbox.op, mailbox.remote, ids, 4, "t",
                               results);
        for (size_t n = 0; n < 4; n++)
            read.text[n] = results[n].status == STATUS_OK          ? 'o'
                           : results[n].status == STATUS_NOT_FOUND ? 'x'
                           : results[n].status == STATUS_UNCERTAIN ? 'u'
                                                                   : '?';
    } else {
        ews_backend.items_get(&mailbox.op, mailbox.remote, ids, 4,
                              keep_in_order, &read);
    }
    cr_expect_str_eq(read.text, scripts[i].results, "%s: %s", scripts[i].name,
                     read.text);
    for (size_t n = 0; n < script.calls; n++)
        cr_expect_str_eq(
            script.asked[n], scripts[i].asked[n] ? scripts[i].asked[n] : "",
            "%s, call %zu: %s", scripts[i].name, n, script.asked[n]);
    mailbox_fini(&mailbox);
    server_free(&server);
}

Test(ews_batch, asks_again_for_what_was_not_done_and_nothing_else,
     .timeout = 600)
{
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        run_script(i);
}

/* --- Cancelling ----------------------------------------------------------- */

static void cancel_soon(struct op *op)
{
    atomic_store((atomic_bool *)op->progress_context, true);
}

Test(ews_calls, end_when_the_client_has_gone)
{
    struct fault fault = { .trouble = T_HANG, .times = SIZE_MAX };
    struct responder responder = { .build = BUILD_2016,
                                   .special = meet,
                                   .context = &fault };
    struct server *server = server_new(responder_answer, &responder);
    struct mailbox mailbox;
    atomic_bool cancelled = false;

    mailbox_init(&mailbox, server_url(server));
    mailbox_set(&mailbox, "exchange.timeout", "1h");
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    mailbox.op.cancelled = &cancelled;
    mailbox.op.progress = cancel_soon;
    mailbox.op.progress_context = &cancelled;
    cr_expect_eq(read_one(&mailbox), STATUS_CANCELLED);
    mailbox_fini(&mailbox);
    server_free(&server);
}

/* --- Content -------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name, *base64, *content; /* NULL: corrupt */
} contents[] = {
    { "as it is",              "QTogYg0KDQpjDQo=",     "A: b\r\n\r\nc\r\n" },
    { "in lines",              "QTog\nYg0K\nDQo=\n",   "A: b\r\n\r\n" },
    { "with bare LF",          "YQpiCgpj",             "a\r\nb\r\n\r\nc" },
    { "with bare CR",          "YQ1iDQ1j",             "a\r\nb\r\n\r\nc" },
    { "with CR at the end",    "YWIN",                 "ab\r\n" },
    { "with NULs",             "YQBiAA==",             "ab" },
    { "without padding",       "QTogYg0KDQo",          NULL },
    { "with rubbish",          "QTog*Yg0KDQo=",        NULL },
    { "empty",                 "",                     NULL },
};
/* clang-format on */

static bool give_content(struct responder *responder,
                         const struct server_request *request,
                         const char *operation, struct server_reply *reply)
{
    char messages[1024];

    (void)request;
    if (strcmp(operation, "GetItem") != 0)
        return false;
    snprintf(
        messages, sizeof messages,
        "<m:M "
        "ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode>"
        "<m:Items><t:Message><t:MimeContent>%s</t:MimeContent><t:ItemId "
        "Id=\"i\"/>"
        "</t:Message></m:Items></m:M>",
        (const char *)responder->context);
    reply->body = server_soap(operation, BUILD_2016, messages);
    return true;
}

struct read_content {
    enum status status;
    struct spool *spool;
};

static bool keep_content(void *context, struct remote_read *read)
{
    struct read_content *kept = context;

    kept->status = read->status;
    kept->spool = read->content;
    read->content = NULL;
    return true;
}

Test(ews_content, comes_with_proper_line_ends_or_not_at_all)
{
    struct responder responder = { .build = BUILD_2016,
                                   .special = give_content };
    struct server *server = server_new(responder_answer, &responder);
    const char *ids[] = { "i" };
    struct mailbox mailbox;

    mailbox_init(&mailbox, server_url(server));
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        struct read_content read = { STATUS_INTERNAL, NULL };
        responder.context = (void *)contents[i].base64;
        cr_expect_eq(ews_backend.items_read(&mailbox.op, mailbox.remote, ids,
                                            NULL, 1, REMOTE_CONTENT,
                                            keep_content, &read),
                     STATUS_OK);
        cr_expect_eq(read.status,
                     contents[i].content ? STATUS_OK : STATUS_CORRUPT, "%s",
                     contents[i].name);
        if (read.spool != NULL && contents[i].content != NULL)
            cr_expect_str_eq(mailbox_text(mailbox.arena, read.spool, NULL),
                             contents[i].content, "%s", contents[i].name);
        spool_free(&read.spool);
    }
    mailbox_fini(&mailbox);
    server_free(&server);
}

/* --- Large messages ------------------------------------------------------- */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LARGE (6u << 20)
#define RESIDENT_MAX 0
#else
#define LARGE (150u << 20)
#define RESIDENT_MAX (40u << 10)
#endif

static void fill_line(char *line, size_t number)
{
    snprintf(line, 65, "%062zu\r\n", number);
}

static void fill_content(char *block, size_t len, size_t number)
{
    char line[65];

    for (size_t at = 0; at < len; at += 64) {
        fill_line(line, number++);
        memcpy(block + at, line, 64);
    }
}

static long resident_kb(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Checks the base64 of a request against what was sent. */
static bool compare_upload(struct responder *responder,
                           const struct server_request *request,
                           const char *operation, struct server_reply *reply)
{
    (void)reply;
    if (strcmp(operation, "CreateItem") != 0)
        return false;
    const char *start = strstr(request->body, "CharacterSet=\"UTF-8\">") + 21;
    size_t len = strcspn(start, "<");
    char block[49152], encoded[65537];
    for (size_t at = 0, n = 0; at < len; at += 65536, n += sizeof block / 64) {
        fill_content(block, sizeof block, n);
        base64_encode(block, sizeof block, encoded);
        size_t size = len - at < 65536 ? len - at : 65536;
        /* The last groups may be cut short, and padded. */
        if (memcmp(start + at, encoded, size - (size < 65536 ? 4 : 0)) != 0)
            return false;
    }
    responder->calls = len;
    return false;
}

static struct spool *large_spool(size_t size)
{
    struct spool *spool = spool_new(NULL, 0);
    char block[49152];

    for (size_t at = 0; at < size; at += sizeof block) {
        size_t len = size - at < sizeof block ? size - at : sizeof block;
        fill_content(block, sizeof block, at / 64);
        cr_assert(spool_write(spool, block, len));
    }
    return spool;
}

Test(ews_content, goes_out_whole_whatever_its_size)
{
    struct responder responder = { .build = BUILD_2016,
                                   .special = compare_upload };
    struct server *server = server_new(responder_answer, &responder);
    struct mailbox mailbox;

    mailbox_init(&mailbox, server_url(server));
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    for (size_t size = 1; size < 400000; size = size * 3 + 1) {
        struct spool *spool = large_spool(size);
        struct remote_new item = { .content = spool, .received = TIME_NONE };
        struct remote_result result;
        cr_expect_eq(ews_backend.item_create(&mailbox.op, mailbox.remote, "f",
                                             &item, &result),
                     STATUS_OK);
        cr_expect_eq(responder.calls, (size + 2) / 3 * 4, "%zu octets", size);
        spool_free(&spool);
    }
    mailbox_fini(&mailbox);
    server_free(&server);
}

/* Takes a huge request without looking at it, and gives a huge answer block by
 * block. */
static struct {
    char *text;
    size_t len;
} huge;

static void answer_huge(void *context, const struct server_request *request,
                        struct server_reply *reply)
{
    struct responder *responder = context;

    if (request->number < 3) {
        responder_answer(context, request, reply);
    } else if (request->body_len > LARGE) {
        reply->body = server_soap(
            "CreateItem", responder->build,
            "<m:M "
            "ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode>"
            "<m:Items><t:Message><t:ItemId Id=\"n\" "
            "ChangeKey=\"k\"/></t:Message></m:Items></m:M>");
    } else {
        reply->body = huge.text;
        reply->len = huge.len;
        huge.text = NULL;
    }
}

static void build_huge_answer(void)
{
    char *frame = server_soap("GetItem", BUILD_2016,
                              "<m:M "
                              "ResponseClass=\"Success\"><m:ResponseCode>"
                              "NoError</m:ResponseCode><m:Items>"
                              "<t:Message><t:MimeContent>@</"
                              "t:MimeContent><t:ItemId Id=\"i\"/></t:Message>"
                              "</m:Items></m:M>");
    size_t head = strcspn(frame, "@"), tail = strlen(frame + head + 1);
    char block[49152];

    huge.text = malloc(head + LARGE / 3 * 4 + 65536 + tail + 1);
    memcpy(huge.text, frame, head);
    huge.len = head;
    for (size_t at = 0; at < LARGE; at += sizeof block) {
        size_t len = LARGE - at < sizeof block ? LARGE - at : sizeof block;
        fill_content(block, sizeof block, at / 64);
        huge.len += base64_encode(block, len, huge.text + huge.len);
    }
    memcpy(huge.text + huge.len, frame + head + 1, tail);
    huge.len += tail;
    free(frame);
}

Test(ews_content, of_150_megabytes_moves_both_ways_in_little_memory,
     .timeout = 600)
{
    struct responder responder = { .build = BUILD_2016 };
    struct server *server = server_new(answer_huge, &responder);
    struct spool *spool = large_spool(LARGE);
    struct remote_new item = { .content = spool, .received = TIME_NONE };
    struct read_content read = { STATUS_INTERNAL, NULL };
    const char *ids[] = { "i" };
    const uint32_t sizes[] = { LARGE };
    struct remote_result result;
    struct mailbox mailbox;

    mailbox_init(&mailbox, server_url(server));
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    server_keep_bodies(server, false);
    cr_expect_eq(ews_backend.item_create(&mailbox.op, mailbox.remote, "f",
                                         &item, &result),
                 STATUS_OK);
    if (RESIDENT_MAX > 0)
        cr_expect_lt(resident_kb(), RESIDENT_MAX, "%ld kB going out",
                     resident_kb());

    /* The answer itself is in this process: it does not count. */
    build_huge_answer();
    long before = resident_kb();
    uint64_t start = time_monotonic_ms();
    cr_expect_eq(ews_backend.items_read(&mailbox.op, mailbox.remote, ids, sizes,
                                        1, REMOTE_CONTENT, keep_content, &read),
                 STATUS_OK);
    cr_log_info("%u MB in %lu ms", LARGE >> 20,
                (unsigned long)(time_monotonic_ms() - start));
    cr_assert_eq(read.status, STATUS_OK, "%s: %s", status_name(read.status),
                 mailbox.op.reason);
    cr_expect_eq(spool_size(read.spool), LARGE);
    if (RESIDENT_MAX > 0)
        cr_expect_lt(resident_kb() - before, RESIDENT_MAX, "%ld kB coming in",
                     resident_kb() - before);
    char expected[49152], got[49152];
    for (size_t at = 0; at < LARGE; at += sizeof expected) {
        fill_content(expected, sizeof expected, at / 64);
        long len = spool_read(read.spool, at, got, sizeof got);
        cr_assert(len > 0 && memcmp(expected, got, (size_t)len) == 0, "at %zu",
                  at);
    }
    spool_free(&read.spool);
    spool_free(&spool);
    mailbox_fini(&mailbox);
    server_free(&server);
}
