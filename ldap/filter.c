/*
 * filter.c - whether an entry is what a search looks for (RFC 4511, 4.5.1.7)
 *
 * Three values: an attribute, a rule or a value that nobody knows makes an item
 * Undefined, and what is not known stays so when it is negated.
 */
#include "ldap/filter.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "ldap/attributes.h"
#include "ldap/classes.h"
#include "ldap/dn.h"
#include "ldap/entry.h"
#include "ldap/rules.h"
#include "ldap/value.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/text_key.h"

enum how { EQUAL, LESS, LESS_OR_EQUAL, GREATER_OR_EQUAL, PARTS, WORDS, BITS };

/* An item ready to be compared with values. */
struct assertion {
    struct arena *arena;
    enum how how;
    enum value_kind kind;
    struct octets key;     /* of the whole value */
    struct octets initial; /* keys of parts; data NULL: none */
    const struct octets *any;
    size_t any_count;
    struct octets final;
    long long bits;
    bool all_bits;
};

/* --- Comparing ------------------------------------------------------------ */

static bool parts_fit(const struct assertion *assertion, struct octets key)
{
    struct octets first = assertion->initial, last = assertion->final;

    if (first.data != NULL &&
        (key.len < first.len || memcmp(key.data, first.data, first.len) != 0))
        return false;
    key.data += first.data != NULL ? first.len : 0;
    key.len -= first.data != NULL ? first.len : 0;
    for (size_t i = 0; i < assertion->any_count; i++) {
        struct octets part = assertion->any[i];
        const char *at = memmem(key.data, key.len, part.data, part.len);

        if (at == NULL)
            return false;
        key.len -= (size_t)(at - key.data) + part.len;
        key.data = at + part.len;
    }
    return last.data == NULL ||
           (key.len >= last.len &&
            memcmp(key.data + key.len - last.len, last.data, last.len) == 0);
}

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static size_t word_length(const char *text)
{
    size_t len = 0;

    while (is_letter(text[len]))
        len++;
    return len;
}

/* The next word at or behind `text`; "" at the end. */
static const char *next_word(const char *text)
{
    while (*text != '\0' && !is_letter(*text))
        text++;
    return text;
}

static bool has_word(const char *text, const char *word, size_t len)
{
    for (text = next_word(text); *text != '\0'; text = next_word(text)) {
        if (strncmp(text, word, len) == 0)
            return true;
        text += word_length(text);
    }
    return false;
}

/* Each word that is asked for begins one of the value's, whatever the case and
 * the accents. */
static bool words_fit(const struct assertion *assertion, struct octets value)
{
    const char *text =
        text_key(assertion->arena, value.data, value.len, TEXT_LOOSE);
    const char *word = next_word(assertion->key.data);
    bool fits = text != NULL && *word != '\0';

    while (fits && *word != '\0') {
        fits = has_word(text, word, word_length(word));
        word = next_word(word + word_length(word));
    }
    return fits;
}

static bool bits_fit(const struct assertion *assertion, struct octets value)
{
    long long number = 0;

    return value_integer(value, &number) &&
           (assertion->all_bits ? (number & assertion->bits) == assertion->bits
                                : (number & assertion->bits) != 0);
}

static bool value_fits(const struct assertion *assertion, struct octets value)
{
    struct octets key;
    int order = 0;

    if (assertion->how == WORDS)
        return words_fit(assertion, value);
    if (assertion->how == BITS)
        return bits_fit(assertion, value);
    if (!value_key(assertion->arena, assertion->kind, value, PART_WHOLE, &key))
        return false;
    if (assertion->how == PARTS)
        return parts_fit(assertion, key);
    order = octets_compare(key, assertion->key);
    return assertion->how == EQUAL           ? order == 0
           : assertion->how == LESS          ? order < 0
           : assertion->how == LESS_OR_EQUAL ? order <= 0
                                             : order >= 0;
}

/* Who is of a class is of all those above it. */
static bool class_fits(const struct assertion *assertion, struct octets value)
{
    const struct ldap_class *class = class_find(value.data);

    while (!value_fits(assertion, value)) {
        if (class == NULL || class->sup == NULL)
            return false;
        value = octets_of(class->sup);
        class = class_find(class->sup);
    }
    return true;
}

static bool any_value_fits(const struct assertion *assertion,
                           const struct ldap_type *type,
                           const struct ldap_attribute *attribute)
{
    bool class = str_equal(type->name, "objectClass");

    for (size_t i = 0; i < attribute->count; i++) {
        if (class ? class_fits(assertion, attribute->values[i])
                  : value_fits(assertion, attribute->values[i]))
            return true;
    }
    return false;
}

/* --- Attributes of the entry ---------------------------------------------- */

/* Whether the entry's attribute counts as one of `type`. */
static bool is_of(const struct ldap_attribute *attribute,
                  const struct ldap_type *type)
{
    const struct ldap_type *own = NULL;

    if (str_equal(attribute->name, type->name))
        return true;
    if (!str_equal(type->name, "name"))
        return false;
    own = attribute_find(attribute->name);
    return own != NULL && attribute_is(own, type);
}

static enum truth truth(bool fits)
{
    return fits ? FILTER_TRUE : FILTER_FALSE;
}

/* What would have to be asked for has not been looked at. */
static enum truth absent(const struct ldap_type *type)
{
    return type->flags & ATTRIBUTE_COSTLY ? FILTER_UNDEFINED : FILTER_FALSE;
}

static enum truth look(const struct assertion *assertion,
                       const struct ldap_type *type,
                       const struct ldap_entry *entry)
{
    bool found = false;

    for (size_t i = 0; i < entry->count; i++) {
        if (!is_of(&entry->attributes[i], type))
            continue;
        found = true;
        if (any_value_fits(assertion, type, &entry->attributes[i]))
            return FILTER_TRUE;
    }
    return found ? FILTER_FALSE : absent(type);
}

static enum truth present(const struct ldap_filter *filter,
                          const struct ldap_entry *entry)
{
    const struct ldap_type *type = attribute_find(filter->attribute);

    if (type == NULL)
        return FILTER_UNDEFINED;
    for (size_t i = 0; i < entry->count; i++) {
        if (is_of(&entry->attributes[i], type) &&
            entry->attributes[i].count > 0)
            return FILTER_TRUE;
    }
    return absent(type);
}

/* --- Items ---------------------------------------------------------------- */

/* False: the value cannot be one of that kind. */
static bool prepare(struct assertion *assertion, struct octets value)
{
    if (assertion->how == WORDS) {
        assertion->key.data =
            text_key(assertion->arena, value.data, value.len, TEXT_LOOSE);
        return assertion->key.data != NULL;
    }
    if (assertion->how == BITS)
        return value_integer(value, &assertion->bits);
    return value_key(assertion->arena, assertion->kind, value, PART_WHOLE,
                     &assertion->key);
}

static bool prepare_part(const struct assertion *assertion, struct octets value,
                         enum value_part part, struct octets *key_out)
{
    return value.data == NULL ||
           value_key(assertion->arena, assertion->kind, value, part, key_out);
}

static bool prepare_parts(struct assertion *assertion,
                          const struct ldap_filter *filter)
{
    struct octets *any =
        arena_array(assertion->arena, filter->any_count + 1, sizeof *any);

    assertion->any = any;
    assertion->any_count = filter->any_count;
    for (size_t i = 0; i < filter->any_count; i++) {
        if (!prepare_part(assertion, filter->any[i], PART_ANY, &any[i]))
            return false;
    }
    return prepare_part(assertion, filter->initial, PART_INITIAL,
                        &assertion->initial) &&
           prepare_part(assertion, filter->final, PART_FINAL,
                        &assertion->final);
}

static enum truth compare(struct arena *arena, const struct ldap_filter *filter,
                          const struct ldap_entry *entry)
{
    static const enum how hows[] = {
        [FILTER_EQUALITY] = EQUAL,
        [FILTER_GREATER_OR_EQUAL] = GREATER_OR_EQUAL,
        [FILTER_LESS_OR_EQUAL] = LESS_OR_EQUAL,
        [FILTER_APPROXIMATE] = WORDS,
    };
    const struct ldap_type *type = attribute_find(filter->attribute);
    struct assertion assertion = { .arena = arena, .how = hows[filter->kind] };
    bool ordering =
        assertion.how == LESS_OR_EQUAL || assertion.how == GREATER_OR_EQUAL;

    if (type == NULL || syntaxes[type->syntax].equality == NULL ||
        (ordering && syntaxes[type->syntax].ordering == NULL))
        return FILTER_UNDEFINED;
    assertion.kind = attribute_kind(type);
    if (type->flags & ATTRIBUTE_ANYTHING)
        assertion.how = WORDS;
    else if (assertion.how == WORDS && assertion.kind > VALUE_EXACT_TEXT)
        assertion.how = EQUAL;
    return prepare(&assertion, filter->value) ? look(&assertion, type, entry)
                                              : FILTER_UNDEFINED;
}

static enum truth substrings(struct arena *arena,
                             const struct ldap_filter *filter,
                             const struct ldap_entry *entry)
{
    const struct ldap_type *type = attribute_find(filter->attribute);
    struct assertion assertion = { .arena = arena, .how = PARTS };

    if (type == NULL || syntaxes[type->syntax].substrings == NULL)
        return FILTER_UNDEFINED;
    assertion.kind = attribute_kind(type);
    return prepare_parts(&assertion, filter) ? look(&assertion, type, entry)
                                             : FILTER_UNDEFINED;
}

/* --- Extensible match ----------------------------------------------------- */

/* RFC 4517, 3.3.30: "ann*m*th" as a value; what is special in it is escaped by
 * a backslash and two digits. */
static struct octets unescaped(struct arena *arena, const char *text,
                               size_t len)
{
    static const char hidden[][4] = { "\\2A", "\\2a", "\\5C", "\\5c" };
    char *out = arena_alloc(arena, len + 1);
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        size_t k = 0;

        while (k < 4 && (len - i < 3 || memcmp(text + i, hidden[k], 3) != 0))
            k++;
        out[count++] = k < 2 ? '*' : text[i];
        i += k < 4 ? 2 : 0;
    }
    return (struct octets){ out, count };
}

static bool split_parts(struct assertion *assertion, struct octets value)
{
    struct ldap_filter parts = { .kind = FILTER_SUBSTRINGS };
    const char *text = octets_text(value);
    struct octets *any = NULL;
    bool first = true;

    if (text == NULL || strchr(text, '*') == NULL)
        return false;
    any = arena_array(assertion->arena, value.len + 1, sizeof *any);
    parts.any = any;
    for (;; first = false) {
        size_t len = strcspn(text, "*");
        struct octets part = unescaped(assertion->arena, text, len);

        if (text[len] == '\0') {
            parts.final = len > 0 ? part : parts.final;
            return prepare_parts(assertion, &parts);
        }
        if (len > 0 && first)
            parts.initial = part;
        else if (len > 0)
            any[parts.any_count++] = part;
        text += len + 1;
    }
}

static bool prepare_by_rule(struct assertion *assertion,
                            const struct matching_rule *rule,
                            struct octets value)
{
    static const enum how hows[] = {
        [RULE_EQUALITY] = EQUAL,
        [RULE_ORDERING] = LESS,
        [RULE_SUBSTRINGS] = PARTS,
        [RULE_BITS] = BITS,
    };

    assertion->how = hows[rule->use];
    assertion->kind = rule->kind;
    assertion->all_bits = rule->all_bits;
    return assertion->how == PARTS ? split_parts(assertion, value)
                                   : prepare(assertion, value);
}

/* The values that the entry's name is made of. */
static bool name_fits(const struct assertion *assertion,
                      const struct ldap_type *wanted,
                      const struct matching_rule *rule,
                      const struct ldap_entry *entry)
{
    struct dn dn;

    if (!dn_parse(assertion->arena, entry->dn, &dn))
        return false;
    for (size_t i = 0; i < dn.count; i++) {
        for (size_t j = 0; j < dn.rdns[i].count; j++) {
            const struct dn_value *value = &dn.rdns[i].values[j];
            const struct ldap_type *type = attribute_find(value->type);

            if (type != NULL &&
                (wanted != NULL ? attribute_is(type, wanted)
                                : rule_fits(rule, type->syntax)) &&
                value_fits(assertion, value->value))
                return true;
        }
    }
    return false;
}

/* Every attribute that the rule can compare. */
static enum truth look_everywhere(const struct assertion *assertion,
                                  const struct matching_rule *rule,
                                  const struct ldap_entry *entry)
{
    for (size_t i = 0; i < entry->count; i++) {
        const struct ldap_attribute *attribute = &entry->attributes[i];
        const struct ldap_type *type = attribute_find(attribute->name);

        if (type != NULL && rule_fits(rule, type->syntax) &&
            any_value_fits(assertion, type, attribute))
            return FILTER_TRUE;
    }
    return FILTER_FALSE;
}

static enum truth extensible(struct arena *arena,
                             const struct ldap_filter *filter,
                             const struct ldap_entry *entry)
{
    struct assertion assertion = { .arena = arena };
    const struct ldap_type *type = attribute_find(filter->attribute);
    const struct matching_rule *rule =
        filter->rule == NULL && type != NULL
            ? rule_find(syntaxes[type->syntax].equality)
            : rule_find(filter->rule);

    if (rule == NULL || (filter->attribute != NULL && type == NULL) ||
        (type != NULL && !rule_fits(rule, type->syntax)) ||
        !prepare_by_rule(&assertion, rule, filter->value))
        return FILTER_UNDEFINED;
    if (filter->dn_attributes && name_fits(&assertion, type, rule, entry))
        return FILTER_TRUE;
    return type != NULL ? look(&assertion, type, entry)
                        : look_everywhere(&assertion, rule, entry);
}

/* --- All of them ---------------------------------------------------------- */

/* What decides makes the whole so; what is not known comes next. */
static enum truth together(struct arena *arena,
                           const struct ldap_filter *filter,
                           const struct ldap_entry *entry, enum truth deciding,
                           enum truth otherwise)
{
    enum truth result = otherwise;

    for (size_t i = 0; i < filter->child_count; i++) {
        enum truth child =
            ldap_filter_evaluate(arena, &filter->children[i], entry);

        if (child == deciding)
            return deciding;
        if (child == FILTER_UNDEFINED)
            result = FILTER_UNDEFINED;
    }
    return result;
}

static enum truth negated(enum truth value)
{
    return value == FILTER_UNDEFINED ? value : truth(value == FILTER_FALSE);
}

enum truth ldap_filter_evaluate(struct arena *arena,
                                const struct ldap_filter *filter,
                                const struct ldap_entry *entry)
{
    switch (filter->kind) {
    case FILTER_AND:
        return together(arena, filter, entry, FILTER_FALSE, FILTER_TRUE);
    case FILTER_OR:
        return together(arena, filter, entry, FILTER_TRUE, FILTER_FALSE);
    case FILTER_NOT:
        return negated(
            ldap_filter_evaluate(arena, &filter->children[0], entry));
    case FILTER_PRESENT:
        return present(filter, entry);
    case FILTER_SUBSTRINGS:
        return substrings(arena, filter, entry);
    case FILTER_EXTENSIBLE:
        return extensible(arena, filter, entry);
    case FILTER_EQUALITY:
    case FILTER_GREATER_OR_EQUAL:
    case FILTER_LESS_OR_EQUAL:
    case FILTER_APPROXIMATE:
        return compare(arena, filter, entry);
    }
    assert(!"a filter of no kind");
    return FILTER_UNDEFINED;
}
