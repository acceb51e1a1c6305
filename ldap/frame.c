/*
 * frame.c - is a whole message here?
 */
#include "ldap/frame.h"

#include <stdint.h>

#include "ldap/ber.h"
#include "proxy/base/secret.h"

/* As many octets may tell a length (liblber's own limit). */
#define LENGTH_OCTETS 8

void ldap_frame_init(struct ldap_frame *frame, size_t limit)
{
    *frame = (struct ldap_frame){ .limit = limit };
    buf_init(&frame->message, NULL);
}

void ldap_frame_fini(struct ldap_frame *frame)
{
    ldap_frame_reset(frame);
}

void ldap_frame_reset(struct ldap_frame *frame)
{
    if (frame->message.len > 0)
        secret_wipe(frame->message.data, frame->message.len);
    buf_fini(&frame->message);
    buf_init(&frame->message, NULL);
    frame->whole = 0;
}

/* X.690, 8.1.3: up to 127 in one octet; or how many octets tell it, and those.
 * None of them would be a length without an end, which LDAP does not have
 * (RFC 4511, 5.1). */
enum ldap_frame_found ldap_frame_measure(const char *data, size_t len,
                                         size_t limit, size_t *whole_out)
{
    const unsigned char *octets = (const unsigned char *)data;
    uint64_t length = 0;
    size_t header = 2;

    if (len > 0 && octets[0] != BER_SEQUENCE)
        return LDAP_FOUND_NONSENSE;
    if (len < header)
        return LDAP_FOUND_NOTHING;
    if (octets[1] < 0x80) {
        length = octets[1];
    } else {
        size_t count = octets[1] & 0x7f;

        if (count == 0 || count > LENGTH_OCTETS)
            return LDAP_FOUND_NONSENSE;
        header += count;
        for (size_t i = 2; i < header && i < len && length <= limit; i++)
            length = length << 8 | octets[i];
    }
    if (length > limit || length + header > limit)
        return LDAP_FOUND_TOO_LONG;
    if (len < header)
        return LDAP_FOUND_NOTHING;
    *whole_out = header + (size_t)length;
    return LDAP_FOUND_MESSAGE;
}

size_t ldap_frame_take(struct ldap_frame *frame, const char *data, size_t len,
                       enum ldap_frame_found *found_out)
{
    *found_out = LDAP_FOUND_NOTHING;
    if (frame->whole == 0) {
        enum ldap_frame_found found =
            ldap_frame_measure(data, len, frame->limit, &frame->whole);

        if (found != LDAP_FOUND_MESSAGE) {
            *found_out = found;
            return found == LDAP_FOUND_NOTHING ? 0 : len;
        }
    }
    size_t missing = frame->whole - frame->message.len;
    size_t taken = len < missing ? len : missing;

    buf_append(&frame->message, data, taken);
    if (taken == missing)
        *found_out = LDAP_FOUND_MESSAGE;
    return taken;
}
