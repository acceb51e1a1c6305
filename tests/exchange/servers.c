/*
 * servers.c - which server a call arrives at, and what it has to pass on
 */
#include "tests/exchange/call.h"

#include "proxy/base/str.h"
#include "tests/exchange/soap.h"
#include "tests/exchange/stores.h"

void call_arrive(struct call *call, const struct soap_route *route)
{
    if (route == NULL || call->user == NULL ||
        call->exchange->version < EXCHANGE_2013_SP1)
        return;
    call->server = sim_mailbox_find(call->exchange, route->anchor);
    if (call->server == NULL)
        call->server = call->user;
}

/* An archive is where its owner's mailbox is. */
static const struct sim_mailbox *server_of(const struct sim_mailbox *mailbox)
{
    return mailbox->archive_of != NULL ? mailbox->archive_of : mailbox;
}

void call_names(struct call *call, const struct sim_mailbox *mailbox)
{
    if (call->server != NULL && !sim_is_public(mailbox) &&
        server_of(mailbox) != call->server)
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
