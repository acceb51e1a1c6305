/*
 * headers.c - see headers.h
 */
#include "proxy/exchange/http/headers.h"

#include <sys/random.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"

bool headers_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

/* RFC 4122, 4.4: a name for this call, to be found in Exchange's logs. */
static char *request_id(struct arena *arena)
{
    unsigned char b[16] = { 0 };

    if (getrandom(b, sizeof b, 0) < 0)
        return NULL;
    b[6] = (b[6] & 0x0f) | 0x40;
    b[8] = (b[8] & 0x3f) | 0x80;
    return arena_printf(arena,
                        "client-request-id: %02x%02x%02x%02x-%02x%02x-%02x%02x-"
                        "%02x%02x-%02x%02x%02x%02x%02x%02x",
                        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8],
                        b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static struct curl_slist *add_header(struct curl_slist *list, const char *line)
{
    struct curl_slist *longer =
        line != NULL ? curl_slist_append(list, line) : list;

    if (longer == NULL)
        memory_exhausted();
    return longer;
}

static struct curl_slist *add_mailbox(struct op *op, struct curl_slist *list,
                                      const char *header, const char *address)
{
    if (address == NULL || !headers_plain(address))
        return list;
    return add_header(list, arena_printf(op->arena, "%s: %s", header, address));
}

struct curl_slist *headers_new(struct op *op, const struct http_call *call,
                               const struct http_route *route)
{
    struct curl_slist *list = NULL;

    if (!call->get) {
        list = add_header(list, "Content-Type: text/xml; charset=utf-8");
        list = add_header(list, "Accept: text/xml");
        /* Some balancers stall on this, and nobody gains by it. */
        list = add_header(list, "Expect:");
    }
    list = add_header(list, "return-client-request-id: true");
    list = add_header(list, request_id(op->arena));
    list = add_mailbox(op, list, "X-AnchorMailbox", route->anchor);
    list =
        add_mailbox(op, list, "X-PublicFolderMailbox", route->public_mailbox);
    /* What Exchange answers is a cookie, X-BackEndOverrideCookie, which the
     * account's handles send back from then on. */
    if (call->affinity)
        list = add_header(list, "X-PreferServerAffinity: true");
    return list;
}
