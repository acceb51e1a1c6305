/*
 * servers.c - which server a call arrives at, and what it has to pass on
 */
#include "tests/exchange/call.h"

#include "proxy/base/str.h"
#include "tests/exchange/publics.h"
#include "tests/exchange/soap.h"
#include "tests/exchange/stores.h"

void call_arrive(struct call *call, const struct soap_route *route)
{
    if (route == NULL || call->user == NULL ||
        call->exchange->version < EXCHANGE_2013_SP1)
        return;
    call->public_server = sim_public_find(call->exchange, route->anchor);
    call->public_mailbox =
        sim_public_find(call->exchange, route->public_mailbox);
    call->server = sim_mailbox_find(call->exchange, route->anchor);
    if (call->server == NULL)
        call->server = call->user;
}

/* An archive is where its owner's mailbox is. */
static const struct sim_mailbox *server_of(const struct sim_mailbox *mailbox)
{
    return mailbox->archive_of != NULL ? mailbox->archive_of : mailbox;
}

/* By the table in "Public folder access with EWS in Exchange". */
static bool is_about_tree(const char *operation)
{
    static const char *const operations[] = {
        "CreateFolder", "FindFolder", "DeleteFolder", "UpdateFolder",
        "MoveFolder",
    };

    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (str_equal(operations[i], operation))
            return true;
    return false;
}

static bool is_right(const struct call *call, const struct sim_folder *folder)
{
    const struct sim_public *home;

    if (!sim_is_public(folder->mailbox))
        return call->public_server == NULL &&
               call->server == server_of(folder->mailbox);
    home = is_about_tree(call->request->name) ? sim_public_tree(call->exchange)
                                              : sim_public_of(folder);
    return call->public_server == home && call->public_mailbox == home;
}

void call_names(struct call *call, const struct sim_folder *folder)
{
    if (call->server != NULL && !is_right(call, folder))
        call->passed_on = true;
}

void call_leave(struct call *call)
{
    struct exchange *exchange = call->exchange;

    if (!call->passed_on)
        return;
    pthread_mutex_lock(&exchange->call_mutex);
    exchange->passed_on++;
    pthread_mutex_unlock(&exchange->call_mutex);
}
