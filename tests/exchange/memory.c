/*
 * memory.c - the in-memory door: finding the exchange, logging in, calls and
 * faults
 */
#include "tests/exchange/memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "tests/exchange/access.h"
#include "tests/exchange/load.h"
#include "tests/exchange/model.h"
#include "tests/exchange/soap.h"

/* --- Addresses ----------------------------------------------------------- */

static struct {
    pthread_mutex_t mutex;
    struct exchange **exchanges;
    size_t count;
    unsigned next;
} open_exchanges = { .mutex = PTHREAD_MUTEX_INITIALIZER };

void memory_door_add(struct exchange *exchange)
{
    pthread_mutex_lock(&open_exchanges.mutex);
    exchange->number = ++open_exchanges.next;
    snprintf(exchange->url, sizeof exchange->url, "memory:%u",
             exchange->number);
    open_exchanges.exchanges = memory_resize(
        open_exchanges.exchanges,
        (open_exchanges.count + 1) * sizeof *open_exchanges.exchanges);
    open_exchanges.exchanges[open_exchanges.count++] = exchange;
    pthread_mutex_unlock(&open_exchanges.mutex);
}

void memory_door_remove(struct exchange *exchange)
{
    pthread_mutex_lock(&open_exchanges.mutex);
    for (size_t i = 0; i < open_exchanges.count; i++)
        if (open_exchanges.exchanges[i] == exchange)
            open_exchanges.exchanges[i] =
                open_exchanges.exchanges[--open_exchanges.count];
    if (open_exchanges.count == 0) {
        free(open_exchanges.exchanges);
        open_exchanges.exchanges = NULL;
    }
    pthread_mutex_unlock(&open_exchanges.mutex);
}

const char *exchange_memory_url(struct exchange *exchange)
{
    return exchange->url;
}

static struct exchange *find_exchange(const char *url)
{
    struct exchange *found = NULL;

    pthread_mutex_lock(&open_exchanges.mutex);
    for (size_t i = 0; i < open_exchanges.count; i++)
        if (str_equal(open_exchanges.exchanges[i]->url, url))
            found = open_exchanges.exchanges[i];
    pthread_mutex_unlock(&open_exchanges.mutex);
    return found;
}

/* --- Calls --------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *code;
    enum status status;
} codes[] = {
    { "ErrorServerBusy",                   STATUS_BUSY },
    { "ErrorTimeoutExpired",               STATUS_TIMEOUT },
    { "ErrorMailboxMoveInProgress",        STATUS_IN_USE },
    { "ErrorMailboxStoreUnavailable",      STATUS_UNAVAILABLE },
    { "ErrorInternalServerTransientError", STATUS_UNAVAILABLE },
    { "ErrorInternalServerError",          STATUS_INTERNAL },
    { "ErrorItemNotFound",                 STATUS_NOT_FOUND },
    { "ErrorFolderNotFound",               STATUS_NO_FOLDER },
    { "ErrorFolderExists",                 STATUS_EXISTS },
    { "ErrorAccessDenied",                 STATUS_DENIED },
    { "ErrorCreateItemAccessDenied",       STATUS_DENIED },
    { "ErrorIrresolvableConflict",         STATUS_CONFLICT },
    { "ErrorItemCorrupt",                  STATUS_CORRUPT },
    { "ErrorInvalidSyncStateData",         STATUS_STALE },
    { "ErrorSubscriptionNotFound",         STATUS_STALE },
    { "ErrorExceededSubscriptionCount",    STATUS_LIMIT },
    { "ErrorExceededConnectionCount",      STATUS_LIMIT },
    { "ErrorQuotaExceeded",                STATUS_OVER_QUOTA },
    { "ErrorMessageSizeExceeded",          STATUS_TOO_BIG },
    { "ErrorSendAsDenied",                 STATUS_SENDER_DENIED },
    { "ErrorInvalidRecipients",            STATUS_BAD_RECIPIENT },
    { "ErrorMissingRecipients",            STATUS_NO_RECIPIENT },
    { "ErrorMimeContentInvalid",           STATUS_BAD_CONTENT },
    { "ErrorSubmissionQuotaExceeded",      STATUS_RATE_LIMITED },
    { "ErrorVirusDetected",                STATUS_INFECTED },
    { "ErrorPasswordExpired",              STATUS_AUTH_EXPIRED },
    { "ErrorAccountDisabled",              STATUS_AUTH_DISABLED },
};
/* clang-format on */

static enum status status_of_code(const char *code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (str_equal(codes[i].code, code))
            return codes[i].status;
    return STATUS_INTERNAL;
}

/* What is known when the connection breaks: a write may have been done. */
static enum status lost(const struct memory_call *call, enum status of_a_read)
{
    return call->write ? STATUS_UNCERTAIN : of_a_read;
}

static void enter(struct memory_call *call, const char *operation)
{
    const struct sim_mailbox *mailbox = call->remote->mailbox;
    struct exchange_fault_rule refusal;

    call->operation = operation;
    call->user = mailbox == NULL ? "" : mailbox->address;
    load_enter(call->remote->exchange, call->user, operation, &refusal);
    exchange_call_begin(call->remote->exchange, operation, &call->fault);
    if (refusal.fault != FAULT_NONE)
        call->fault = refusal;
}

static void leave(const struct memory_call *call)
{
    exchange_call_end(call->remote->exchange);
    load_leave(call->remote->exchange, call->user, call->operation);
}

/* Whether the token is good no more that the mailbox was opened with. */
static bool has_ended(const struct memory_remote *remote)
{
    char address[256];

    return remote->token != NULL &&
           !exchange_check_token(remote->exchange, remote->token, address);
}

enum status memory_call_begin(struct op *op, struct remote *remote,
                              const char *operation, bool write,
                              struct memory_call *call)
{
    enum status status = STATUS_OK;

    *call = (struct memory_call){ .op = op,
                                  .remote = (struct memory_remote *)remote,
                                  .write = write };
    if (op_cancelled(op))
        return op_fail(op, STATUS_CANCELLED, "the client has gone");
    enter(call, operation);
    if (has_ended(call->remote))
        status = STATUS_AUTH_FAILED;
    switch (call->fault.fault) {
    case FAULT_HTTP_401:
        status = STATUS_AUTH_FAILED;
        break;
    case FAULT_HTTP_429:
    case FAULT_SERVER_BUSY:
    case FAULT_SERVER_BUSY_INNER:
        status = STATUS_BUSY;
        break;
    case FAULT_HTTP_500:
    case FAULT_HTTP_503:
    case FAULT_LOGIN_PAGE:
        status = STATUS_UNAVAILABLE;
        break;
    case FAULT_RESET_BEFORE:
        status = lost(call, STATUS_UNAVAILABLE);
        break;
    case FAULT_HANG:
        status = lost(call, STATUS_TIMEOUT);
        break;
    default:
        break;
    }
    if (status == STATUS_OK)
        return STATUS_OK;
    leave(call);
    return op_fail(op, status, "%s: a fault was set, or the token has ended",
                   operation);
}

enum status memory_call_end(struct memory_call *call)
{
    enum status status = STATUS_OK;

    if (call->fault.fault == FAULT_SLOW)
        for (int tenth = 0; tenth < 10 && !op_cancelled(call->op); tenth++)
            exchange_pause((unsigned)call->fault.parameter);
    else if (fault_place(call->fault.fault) == FAULT_PLACE_AFTER)
        status = op_fail(call->op, lost(call, STATUS_UNAVAILABLE),
                         "the answer was lost");
    leave(call);
    return status;
}

enum status memory_call_item(const struct memory_call *call, size_t nth)
{
    const struct exchange_fault_rule *fault = &call->fault;

    if (fault->fault == FAULT_ITEM_TRANSIENT && nth % 3 == 2)
        return STATUS_UNAVAILABLE;
    if (fault->fault == FAULT_ITEM_CORRUPT && nth == (size_t)fault->parameter)
        return STATUS_CORRUPT;
    if (fault->fault == FAULT_BATCH_STOPPED && nth >= (size_t)fault->parameter)
        return STATUS_BUSY;
    if (fault->fault == FAULT_RESPONSE_CODE)
        return status_of_code(fault->code);
    return STATUS_OK;
}

struct sim_folder *memory_folder(struct memory_remote *remote, const char *id)
{
    struct sim_folder *folder = sim_folder_by_id(remote->exchange, id);

    return folder != NULL &&
                   sim_refuses_folder(remote->user, folder, WANT_SEE) == NULL
               ? folder
               : NULL;
}

struct sim_folder *memory_folder_to_read(struct memory_call *call,
                                         const char *id, enum status *status)
{
    struct sim_folder *folder = memory_folder(call->remote, id);

    *status = memory_call_item(call, 0);
    if (*status == STATUS_OK && folder == NULL)
        *status = STATUS_NO_FOLDER;
    return *status == STATUS_OK ? folder : NULL;
}

enum status memory_end_read(struct memory_call *call, enum status status)
{
    enum status answer;

    exchange_unlock(call->remote->exchange);
    if (status != STATUS_OK)
        op_fail(call->op, status, "the folder cannot be read");
    answer = memory_call_end(call);
    return answer != STATUS_OK ? answer : status;
}

/* --- Logging in ---------------------------------------------------------- */

static uint64_t request_limit(const struct exchange *exchange)
{
    if (exchange->version < EXCHANGE_2010_SP1)
        return 30000000;
    return exchange->version < EXCHANGE_2013_SP1 ? 35000000 : 67108864;
}

static void memory_close(struct remote **remote)
{
    struct memory_remote *gone = (struct memory_remote *)*remote;

    if (gone != NULL)
        free(gone->token);
    free(gone);
    *remote = NULL;
}

static unsigned stores_of(const struct memory_remote *remote)
{
    unsigned stores = 1u << FOLDER_OWN;

    if (remote->mailbox->archive != NULL)
        stores |= 1u << FOLDER_OLD_MAIL;
    if (remote->exchange->public_folders != NULL)
        stores |= 1u << FOLDER_PUBLIC;
    return stores;
}

/* The user's own or another one that he may open; NULL if he may not. */
static struct sim_mailbox *find_mailbox(const struct memory_remote *remote,
                                        const char *address)
{
    struct sim_mailbox *mailbox =
        address == NULL ? remote->user
                        : sim_mailbox_find(remote->exchange, address);
    struct sim_folder *top =
        mailbox != NULL ? sim_folder_by_use(mailbox, "msgfolderroot") : NULL;

    return top != NULL &&
                   sim_refuses_folder(remote->user, top, WANT_SEE) == NULL
               ? mailbox
               : NULL;
}

/* Exchange knows whose a token is, and the user is to be the same. */
static enum status check_login(struct op *op, struct exchange *exchange,
                               const char *user, const struct secret *secret,
                               char address_out[256])
{
    const char *text = secret_expose(secret);

    if (secret_kind(secret) == SECRET_TOKEN) {
        if (!exchange_check_token(exchange, text, address_out))
            return op_fail(op, STATUS_AUTH_FAILED, "not a token of ours");
        if (!str_equal_nocase(address_out, user))
            return op_fail(op, STATUS_AUTH_REFUSED, "someone else's token");
    } else if (!exchange_check_password(exchange, user, text, address_out)) {
        return op_fail(op, STATUS_AUTH_FAILED, "wrong user or password");
    }
    return STATUS_OK;
}

static enum status memory_open(struct op *op, const struct settings *settings,
                               const char *user, const char *mailbox,
                               const struct secret *secret,
                               struct remote **remote_out,
                               struct remote_account *about_out)
{
    struct memory_remote probe = { .exchange =
                                       find_exchange(settings->exchange.url) };
    struct memory_remote *remote;
    struct memory_call call;
    enum status status;
    char address[256];

    *remote_out = NULL;
    if (probe.exchange == NULL)
        return op_fail(op, STATUS_UNAVAILABLE, "no exchange in memory");
    status = memory_call_begin(op, &probe.remote, "GetFolder", false, &call);
    if (status != STATUS_OK)
        return status;
    status = check_login(op, probe.exchange, user, secret, address);
    if (status == STATUS_OK)
        status = memory_call_item(&call, 0);
    if (memory_call_end(&call) != STATUS_OK && status == STATUS_OK)
        status = STATUS_UNAVAILABLE;
    if (status != STATUS_OK)
        return status;
    remote = memory_new(sizeof *remote);
    remote->remote.backend = &exchange_memory_backend;
    remote->exchange = probe.exchange;
    if (secret_kind(secret) == SECRET_TOKEN)
        remote->token = memory_strdup(secret_expose(secret));
    exchange_lock(probe.exchange);
    remote->user = sim_mailbox_find(probe.exchange, address);
    remote->mailbox = find_mailbox(remote, mailbox);
    exchange_unlock(probe.exchange);
    if (remote->mailbox == NULL) {
        struct remote *gone = &remote->remote;

        memory_close(&gone);
        return op_fail(op, STATUS_AUTH_REFUSED, "no right to this mailbox");
    }
    *remote_out = &remote->remote;
    *about_out = (struct remote_account){
        .address = arena_strdup(op->arena, remote->mailbox->address),
        .stores = stores_of(remote),
        .version = arena_printf(op->arena, "Exchange in memory (%s)",
                                exchange_build(probe.exchange)),
        .message_limit = (request_limit(probe.exchange) - 2048) / 4 * 3,
    };
    return STATUS_OK;
}

const struct backend exchange_memory_backend = {
    .name = "memory",
    .open = memory_open,
    .close = memory_close,
    .folders_sync = memory_folders_sync,
    .folder_create = memory_folder_create,
    .folder_update = memory_folder_update,
    .folder_delete = memory_folder_delete,
    .folder_stamps = memory_folder_stamps,
    .items_sync = memory_items_sync,
    .items_list = memory_items_list,
    .items_get = memory_items_get,
    .items_read = memory_items_read,
    .items_preview = memory_items_preview,
    .items_update = memory_items_update,
    .items_copy = memory_items_copy,
    .items_move = memory_items_move,
    .items_delete = memory_items_delete,
    .item_create = memory_item_create,
    .send = memory_send,
    .find_new = memory_find_new,
    .search = memory_search,
    .search_words = memory_search_words,
    .quota = memory_quota,
    .comment_get = memory_comment_get,
    .comment_set = memory_comment_set,
    .permissions_get = memory_permissions_get,
    .permissions_set = memory_permissions_set,
    .categories = memory_categories,
    .store_folders = memory_store_folders,
    .watch_means = memory_watch_means,
    .watch_begin = memory_watch_begin,
    .watch_listen = memory_watch_listen,
    .watch_hush = memory_watch_hush,
    .watch_ask = memory_watch_ask,
    .watch_end = memory_watch_end,
};
