/*
 * lookout.c - what waits behind the request that runs
 */
#include "ldap/lookout.h"

#include <string.h>

#include "ldap/frame.h"
#include "ldap/peek.h"
#include "ldap/request.h"

void ldap_lookout_init(struct ldap_lookout *lookout, size_t limit)
{
    *lookout = (struct ldap_lookout){ .limit = limit };
    buf_init(&lookout->cancelled, NULL);
}

void ldap_lookout_fini(struct ldap_lookout *lookout)
{
    buf_fini(&lookout->cancelled);
}

void ldap_lookout_begin(struct ldap_lookout *lookout)
{
    lookout->seen = 0;
}

static enum ldap_stop judge(const struct ldap_watched *request,
                            const struct ldap_peek *message)
{
    bool meant = request->can_stop && message->target == request->id;

    if (message->operation == LDAP_UNBIND)
        return LDAP_ABANDONED;
    if (message->operation == LDAP_ABANDON && meant)
        return LDAP_ABANDONED;
    return message->cancels && meant ? LDAP_CANCELLED : LDAP_GOES_ON;
}

enum ldap_stop ldap_lookout_see(struct ldap_lookout *lookout,
                                const struct ldap_watched *request,
                                const char *data, size_t len)
{
    enum ldap_stop stop = LDAP_GOES_ON;
    size_t whole;

    while (stop == LDAP_GOES_ON && lookout->seen < len) {
        const char *message = data + lookout->seen;
        size_t left = len - lookout->seen;
        struct ldap_peek peek;

        if (ldap_frame_measure(message, left, lookout->limit, &whole) !=
                LDAP_FOUND_MESSAGE ||
            whole > left || !ldap_peek(message, whole, &peek))
            break;
        if (peek.starts_tls && lookout->hasty_tls == 0)
            lookout->hasty_tls = peek.id;
        stop = judge(request, &peek);
        lookout->seen += whole;
    }
    return stop;
}

/* Where an id is among those; their end if it is not. */
static size_t place_of(const struct buf *ids, int32_t id)
{
    size_t at = 0;

    while (at < ids->len && memcmp(ids->data + at, &id, sizeof id) != 0)
        at += sizeof id;
    return at;
}

/* Requests of one id, which no client should send, share a Cancel. */
void ldap_lookout_note_cancelled(struct ldap_lookout *lookout, int32_t id)
{
    struct buf *ids = &lookout->cancelled;

    if (place_of(ids, id) == ids->len)
        buf_append(ids, &id, sizeof id);
}

bool ldap_lookout_take_cancelled(struct ldap_lookout *lookout, int32_t id)
{
    struct buf *ids = &lookout->cancelled;
    size_t at = place_of(ids, id);

    if (at == ids->len)
        return false;
    memmove(ids->data + at, ids->data + at + sizeof id,
            ids->len - at - sizeof id);
    ids->len -= sizeof id;
    return true;
}
