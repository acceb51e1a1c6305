/*
 * request.c - one message of a client
 *
 * RFC 4511, appendix B has all of it in ASN.1.  Elements that nobody knows may
 * follow those that are read here (section 4).
 */
#include "ldap/request.h"

#include "ldap/ber.h"
#include "ldap/filter_read.h"
#include "proxy/base/arena.h"

/* Tags of choices and of parts that may be missing. */
enum {
    SIMPLE = 0x80,
    SASL = 0xa3,
    REQUEST_NAME = 0x80,
    REQUEST_VALUE = 0x81,
    CONTROLS = 0xa0
};

/* The last way to follow aliases, of which there are none here. */
enum { ALIASES_ALWAYS = 3 };

static enum ldap_code good_if(bool good)
{
    return good ? LDAP_SUCCESS : LDAP_PROTOCOL_ERROR;
}

/* --- Bind ----------------------------------------------------------------- */

/* SaslCredentials = SEQUENCE { mechanism, credentials OPTIONAL } */
static bool read_sasl(struct arena *arena, struct ber_reader *operation,
                      struct ldap_bind *bind)
{
    struct ber_reader sasl;

    if (!ber_take(operation, SASL, &sasl) ||
        !ber_take_text(&sasl, BER_OCTETS, arena, &bind->mechanism))
        return false;
    bind->has_credentials = ber_is(&sasl, BER_OCTETS);
    return (!bind->has_credentials ||
            ber_take_octets(&sasl, BER_OCTETS, arena, &bind->credentials)) &&
           ber_take_rest(&sasl);
}

/* Other ways to say who one is are none of the client's mistakes (4.2). */
static enum ldap_code read_bind(struct arena *arena,
                                struct ber_reader *operation,
                                struct ldap_request *request)
{
    struct ldap_bind *bind = &request->bind;
    bool good;

    if (!ber_take_integer(operation, BER_INTEGER, 1, &bind->version) ||
        !ber_take_text(operation, BER_OCTETS, arena, &bind->name))
        return LDAP_PROTOCOL_ERROR;
    switch (ber_tag(operation)) {
    case SIMPLE:
        bind->has_credentials = true;
        good = ber_take_octets(operation, SIMPLE, arena, &bind->credentials);
        break;
    case SASL:
        good = read_sasl(arena, operation, bind);
        break;
    case 0:
        return LDAP_PROTOCOL_ERROR;
    default:
        return LDAP_AUTH_METHOD_NOT_SUPPORTED;
    }
    return good_if(good && ber_take_rest(operation));
}

/* --- Search and Compare --------------------------------------------------- */

/* AttributeSelection = SEQUENCE OF LDAPString */
static bool read_attributes(struct arena *arena, struct ber_reader *operation,
                            struct ldap_search *search)
{
    struct ber_reader list;

    if (!ber_take(operation, BER_SEQUENCE, &list))
        return false;
    size_t count = ber_count(list);
    const char **names = arena_array(arena, count + 1, sizeof *names);

    search->attributes = names;
    for (size_t i = 0; i < count; i++)
        if (!ber_take_text(&list, BER_OCTETS, arena, &names[i]))
            return false;
    return list.at == list.end;
}

static bool read_scope(struct ber_reader *operation, struct ldap_search *search)
{
    int32_t scope, aliases;

    if (!ber_take_integer(operation, BER_ENUMERATED, 0, &scope) ||
        !ber_take_integer(operation, BER_ENUMERATED, 0, &aliases) ||
        scope > LDAP_SUBTREE || aliases > ALIASES_ALWAYS)
        return false;
    search->scope = (enum ldap_scope)scope;
    return true;
}

static enum ldap_code read_search(struct arena *arena,
                                  struct ber_reader *operation,
                                  struct ldap_request *request)
{
    struct ldap_search *search = &request->search;
    bool good =
        ber_take_text(operation, BER_OCTETS, arena, &search->base) &&
        read_scope(operation, search) &&
        ber_take_integer(operation, BER_INTEGER, 0, &search->size_limit) &&
        ber_take_integer(operation, BER_INTEGER, 0, &search->time_limit) &&
        ber_take_boolean(operation, BER_BOOLEAN, &search->types_only);

    enum ldap_code code =
        good ? ldap_filter_read(arena, operation, &search->filter)
             : LDAP_PROTOCOL_ERROR;
    if (code != LDAP_SUCCESS)
        return code;
    return good_if(read_attributes(arena, operation, search) &&
                   ber_take_rest(operation));
}

static enum ldap_code read_compare(struct arena *arena,
                                   struct ber_reader *operation,
                                   struct ldap_request *request)
{
    struct ldap_compare *compare = &request->compare;
    struct ber_reader assertion;

    return good_if(
        ber_take_text(operation, BER_OCTETS, arena, &compare->name) &&
        ber_take(operation, BER_SEQUENCE, &assertion) &&
        ber_take_text(&assertion, BER_OCTETS, arena, &compare->attribute) &&
        ber_take_octets(&assertion, BER_OCTETS, arena, &compare->value) &&
        ber_take_rest(&assertion) && ber_take_rest(operation));
}

/* --- The others ----------------------------------------------------------- */

static enum ldap_code read_extended(struct arena *arena,
                                    struct ber_reader *operation,
                                    struct ldap_request *request)
{
    struct ldap_extended *extended = &request->extended;

    if (!ber_take_text(operation, REQUEST_NAME, arena, &extended->name))
        return LDAP_PROTOCOL_ERROR;
    extended->has_value = ber_is(operation, REQUEST_VALUE);
    return good_if(
        (!extended->has_value ||
         ber_take_octets(operation, REQUEST_VALUE, arena, &extended->value)) &&
        ber_take_rest(operation));
}

/* What would change an entry begins with its name.  It is refused, so that
 * nobody needs the rest. */
static enum ldap_code read_change(struct arena *arena,
                                  struct ber_reader *operation,
                                  struct ldap_request *request)
{
    return good_if(
        ber_take_text(operation, BER_OCTETS, arena, &request->name) &&
        ber_take_rest(operation));
}

static enum ldap_code read_delete(struct arena *arena,
                                  struct ber_reader *operation,
                                  struct ldap_request *request)
{
    return good_if(ber_to_text(*operation, arena, &request->name));
}

static enum ldap_code read_abandon(struct arena *arena,
                                   struct ber_reader *operation,
                                   struct ldap_request *request)
{
    (void)arena;
    return good_if(ber_to_integer(*operation, 0, &request->abandon));
}

static enum ldap_code read_unbind(struct arena *arena,
                                  struct ber_reader *operation,
                                  struct ldap_request *request)
{
    (void)arena, (void)request;
    return good_if(operation->at == operation->end);
}

/* clang-format off */
static const struct {
    enum ldap_operation operation;
    enum ldap_code (*read)(struct arena *arena, struct ber_reader *operation,
                           struct ldap_request *request);
} readers[] = {
    { LDAP_BIND,      read_bind },
    { LDAP_UNBIND,    read_unbind },
    { LDAP_SEARCH,    read_search },
    { LDAP_MODIFY,    read_change },
    { LDAP_ADD,       read_change },
    { LDAP_DELETE,    read_delete },
    { LDAP_MODIFY_DN, read_change },
    { LDAP_COMPARE,   read_compare },
    { LDAP_ABANDON,   read_abandon },
    { LDAP_EXTENDED,  read_extended },
};
/* clang-format on */

/* --- The message ---------------------------------------------------------- */

/* Control = SEQUENCE { controlType, criticality DEFAULT FALSE, controlValue
 * OPTIONAL } */
static bool read_control(struct arena *arena, struct ber_reader *list,
                         struct ldap_control *control)
{
    struct ber_reader parts;

    if (!ber_take(list, BER_SEQUENCE, &parts) ||
        !ber_take_text(&parts, BER_OCTETS, arena, &control->oid))
        return false;
    if (ber_is(&parts, BER_BOOLEAN) &&
        !ber_take_boolean(&parts, BER_BOOLEAN, &control->critical))
        return false;
    control->has_value = ber_is(&parts, BER_OCTETS);
    return (!control->has_value ||
            ber_take_octets(&parts, BER_OCTETS, arena, &control->value)) &&
           ber_take_rest(&parts);
}

static bool read_controls(struct arena *arena, struct ber_reader *message,
                          struct ldap_request *request)
{
    struct ber_reader list;

    if (!ber_is(message, CONTROLS))
        return true;
    if (!ber_take(message, CONTROLS, &list))
        return false;
    size_t count = ber_count(list);
    struct ldap_control *controls = arena_array(arena, count, sizeof *controls);

    for (size_t i = 0; i < count; i++)
        if (!read_control(arena, &list, &controls[i]))
            return false;
    request->controls = controls;
    request->control_count = count;
    return list.at == list.end;
}

static enum ldap_code read_operation(struct arena *arena, unsigned tag,
                                     struct ber_reader operation,
                                     struct ldap_request *request)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (readers[i].operation == tag) {
            request->operation = readers[i].operation;
            return readers[i].read(arena, &operation, request);
        }
    request->id = 0;
    return LDAP_PROTOCOL_ERROR;
}

enum ldap_code ldap_read(struct arena *arena, const char *data, size_t len,
                         struct ldap_request *request_out)
{
    struct ber_reader all = ber_reader(data, len), message, operation;
    unsigned tag;
    int32_t id;

    *request_out = (struct ldap_request){ 0 };
    if (!ber_take(&all, BER_SEQUENCE, &message) || all.at != all.end ||
        !ber_take_integer(&message, BER_INTEGER, 1, &id) ||
        !ber_take_any(&message, &tag, &operation))
        return LDAP_PROTOCOL_ERROR;
    request_out->id = id;
    enum ldap_code code = read_operation(arena, tag, operation, request_out);
    if (code == LDAP_SUCCESS)
        code = good_if(read_controls(arena, &message, request_out) &&
                       ber_take_rest(&message));
    return code;
}
