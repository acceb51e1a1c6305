/*
 * filter_read.c - the filter of a search as it comes
 */
#include "ldap/filter_read.h"

#include "ldap/ber.h"
#include "ldap/filter.h"
#include "proxy/base/arena.h"

struct reading {
    struct arena *arena;
    size_t parts; /* that were counted, children and pieces of substrings */
};

/* Tags of the parts of substrings, and of an extensible match. */
enum { INITIAL = 0x80, ANY = 0x81, FINAL = 0x82 };
enum { RULE = 0x81, TYPE = 0x82, VALUE = 0x83, DN_ATTRIBUTES = 0x84 };

static enum ldap_code good_if(bool good)
{
    return good ? LDAP_SUCCESS : LDAP_PROTOCOL_ERROR;
}

static bool has_too_many(struct reading *reading, size_t more)
{
    reading->parts += more;
    return reading->parts > FILTER_PARTS;
}

static enum ldap_code read_filter(struct reading *reading,
                                  struct ber_reader *from, unsigned depth,
                                  struct ldap_filter *filter);

/* SET OF Filter; none of them is "true" or "false" (RFC 4526). */
static enum ldap_code read_set(struct reading *reading,
                               struct ber_reader content, unsigned depth,
                               struct ldap_filter *filter)
{
    size_t count = ber_count(content);

    if (has_too_many(reading, count))
        return LDAP_ADMIN_LIMIT_EXCEEDED;
    struct ldap_filter *children =
        arena_array(reading->arena, count, sizeof *children);

    filter->children = children;
    filter->child_count = count;
    for (size_t i = 0; i < count; i++) {
        enum ldap_code code =
            read_filter(reading, &content, depth, &children[i]);

        if (code != LDAP_SUCCESS)
            return code;
    }
    return good_if(content.at == content.end);
}

static enum ldap_code read_not(struct reading *reading,
                               struct ber_reader content, unsigned depth,
                               struct ldap_filter *filter)
{
    enum ldap_code code = read_set(reading, content, depth, filter);

    return code == LDAP_SUCCESS ? good_if(filter->child_count == 1) : code;
}

/* AttributeValueAssertion = SEQUENCE { attributeDesc, assertionValue } */
static enum ldap_code read_assertion(struct reading *reading,
                                     struct ber_reader content, unsigned depth,
                                     struct ldap_filter *filter)
{
    (void)depth;
    return good_if(
        ber_take_text(&content, BER_OCTETS, reading->arena,
                      &filter->attribute) &&
        ber_take_octets(&content, BER_OCTETS, reading->arena, &filter->value) &&
        content.at == content.end);
}

static enum ldap_code read_present(struct reading *reading,
                                   struct ber_reader content, unsigned depth,
                                   struct ldap_filter *filter)
{
    (void)depth;
    return good_if(ber_to_text(content, reading->arena, &filter->attribute));
}

/* [initial] any* [final], in this order and at least one of them. */
static bool read_pieces(struct reading *reading, struct ber_reader pieces,
                        size_t count, struct ldap_filter *filter)
{
    struct octets *any = arena_array(reading->arena, count, sizeof *any);
    struct arena *arena = reading->arena;

    filter->any = any;
    if (ber_is(&pieces, INITIAL) &&
        !ber_take_octets(&pieces, INITIAL, arena, &filter->initial))
        return false;
    while (ber_is(&pieces, ANY))
        if (!ber_take_octets(&pieces, ANY, arena, &any[filter->any_count++]))
            return false;
    if (ber_is(&pieces, FINAL) &&
        !ber_take_octets(&pieces, FINAL, arena, &filter->final))
        return false;
    return count > 0 && pieces.at == pieces.end;
}

static enum ldap_code read_substrings(struct reading *reading,
                                      struct ber_reader content, unsigned depth,
                                      struct ldap_filter *filter)
{
    struct ber_reader pieces;

    (void)depth;
    if (!ber_take_text(&content, BER_OCTETS, reading->arena,
                       &filter->attribute) ||
        !ber_take(&content, BER_SEQUENCE, &pieces) || content.at != content.end)
        return LDAP_PROTOCOL_ERROR;
    size_t count = ber_count(pieces);
    if (has_too_many(reading, count))
        return LDAP_ADMIN_LIMIT_EXCEEDED;
    return good_if(read_pieces(reading, pieces, count, filter));
}

/* MatchingRuleAssertion = SEQUENCE { matchingRule OPTIONAL, type OPTIONAL,
 * matchValue, dnAttributes DEFAULT FALSE }, a rule or a type being there. */
static enum ldap_code read_extensible(struct reading *reading,
                                      struct ber_reader content, unsigned depth,
                                      struct ldap_filter *filter)
{
    struct arena *arena = reading->arena;

    (void)depth;
    if ((ber_is(&content, RULE) &&
         !ber_take_text(&content, RULE, arena, &filter->rule)) ||
        (ber_is(&content, TYPE) &&
         !ber_take_text(&content, TYPE, arena, &filter->attribute)) ||
        !ber_take_octets(&content, VALUE, arena, &filter->value) ||
        (ber_is(&content, DN_ATTRIBUTES) &&
         !ber_take_boolean(&content, DN_ATTRIBUTES, &filter->dn_attributes)))
        return LDAP_PROTOCOL_ERROR;
    return good_if(content.at == content.end &&
                   (filter->rule != NULL || filter->attribute != NULL));
}

/* clang-format off */
static const struct {
    unsigned tag;
    enum ldap_filter_kind kind;
    enum ldap_code (*read)(struct reading *reading, struct ber_reader content,
                           unsigned depth, struct ldap_filter *filter);
} kinds[] = {
    { 0xa0, FILTER_AND,              read_set },
    { 0xa1, FILTER_OR,               read_set },
    { 0xa2, FILTER_NOT,              read_not },
    { 0xa3, FILTER_EQUALITY,         read_assertion },
    { 0xa4, FILTER_SUBSTRINGS,       read_substrings },
    { 0xa5, FILTER_GREATER_OR_EQUAL, read_assertion },
    { 0xa6, FILTER_LESS_OR_EQUAL,    read_assertion },
    { 0x87, FILTER_PRESENT,          read_present },
    { 0xa8, FILTER_APPROXIMATE,      read_assertion },
    { 0xa9, FILTER_EXTENSIBLE,       read_extensible },
};
/* clang-format on */

/* Called for a filter within `depth` others. */
static enum ldap_code read_filter(struct reading *reading,
                                  struct ber_reader *from, unsigned depth,
                                  struct ldap_filter *filter)
{
    struct ber_reader content;
    unsigned tag;

    if (depth >= FILTER_DEPTH)
        return LDAP_ADMIN_LIMIT_EXCEEDED;
    if (!ber_take_any(from, &tag, &content))
        return LDAP_PROTOCOL_ERROR;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].tag == tag) {
            filter->kind = kinds[i].kind;
            return kinds[i].read(reading, content, depth + 1, filter);
        }
    return LDAP_PROTOCOL_ERROR;
}

enum ldap_code ldap_filter_read(struct arena *arena, struct ber_reader *reader,
                                const struct ldap_filter **filter_out)
{
    struct reading reading = { .arena = arena };
    struct ldap_filter *filter = arena_alloc(arena, sizeof *filter);

    *filter_out = filter;
    return read_filter(&reading, reader, 0, filter);
}
