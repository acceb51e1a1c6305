/*
 * peek.c - what a message is about, without reading it
 */
#include "ldap/peek.h"

#include <string.h>

#include "ldap/ber.h"
#include "ldap/offers.h"
#include "ldap/request.h"

/* The tags of an ExtendedRequest's parts (RFC 4511, 4.12). */
enum { REQUEST_NAME = 0x80, REQUEST_VALUE = 0x81 };

static bool is_text(struct ber_reader content, const char *text)
{
    size_t len = strlen(text);

    return (size_t)(content.end - content.at) == len &&
           memcmp(content.at, text, len) == 0;
}

/* cancelRequestValue = SEQUENCE { cancelID MessageID } (RFC 3909, 2.1) */
static void peek_cancel(struct ber_reader operation, struct ldap_peek *peek)
{
    struct ber_reader value, sequence;

    peek->cancels = true;
    if (ber_take(&operation, REQUEST_VALUE, &value) &&
        ber_take(&value, BER_SEQUENCE, &sequence) &&
        !ber_take_integer(&sequence, BER_INTEGER, 0, &peek->target))
        peek->target = 0;
}

static void peek_extended(struct ber_reader operation, struct ldap_peek *peek)
{
    struct ber_reader name;

    if (!ber_take(&operation, REQUEST_NAME, &name))
        return;
    if (is_text(name, LDAP_CANCEL))
        peek_cancel(operation, peek);
}

bool ldap_peek(const char *message, size_t len, struct ldap_peek *peek_out)
{
    struct ber_reader all = ber_reader(message, len), content, operation;

    *peek_out = (struct ldap_peek){ 0 };
    if (!ber_take(&all, BER_SEQUENCE, &content) ||
        !ber_take_integer(&content, BER_INTEGER, 1, &peek_out->id) ||
        !ber_take_any(&content, &peek_out->operation, &operation))
        return false;
    if (peek_out->operation == LDAP_EXTENDED)
        peek_extended(operation, peek_out);
    else if (peek_out->operation == LDAP_ABANDON &&
             !ber_to_integer(operation, 0, &peek_out->target))
        peek_out->target = 0;
    return true;
}
