/*
 * assertion.c - what values are compared with (RFC 4511, 4.1.6)
 */
#include "ldap/assertion.h"

#include <ctype.h>
#include <string.h>

#include "ldap/filter.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/text_key.h"

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

bool assertion_fits(const struct assertion *assertion, struct octets value)
{
    struct octets key;
    int order = 0;

    if (assertion->how == ASSERT_WORDS)
        return words_fit(assertion, value);
    if (assertion->how == ASSERT_BITS)
        return bits_fit(assertion, value);
    if (!value_key(assertion->arena, assertion->kind, value, PART_WHOLE, &key))
        return false;
    if (assertion->how == ASSERT_PARTS)
        return parts_fit(assertion, key);
    order = octets_compare(key, assertion->key);
    return assertion->how == ASSERT_EQUAL           ? order == 0
           : assertion->how == ASSERT_LESS          ? order < 0
           : assertion->how == ASSERT_LESS_OR_EQUAL ? order <= 0
                                                    : order >= 0;
}

/* --- Preparing ------------------------------------------------------------ */

bool assertion_prepare(struct assertion *assertion, struct octets value)
{
    if (assertion->how == ASSERT_WORDS) {
        assertion->key.data =
            text_key(assertion->arena, value.data, value.len, TEXT_LOOSE);
        return assertion->key.data != NULL;
    }
    if (assertion->how == ASSERT_BITS)
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

bool assertion_prepare_parts(struct assertion *assertion,
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

/* --- By a rule ------------------------------------------------------------ */

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
            return assertion_prepare_parts(assertion, &parts);
        }
        if (len > 0 && first)
            parts.initial = part;
        else if (len > 0)
            any[parts.any_count++] = part;
        text += len + 1;
    }
}

bool assertion_prepare_rule(struct assertion *assertion,
                            const struct matching_rule *rule,
                            struct octets value)
{
    static const enum assertion_how hows[] = {
        [RULE_EQUALITY] = ASSERT_EQUAL,
        [RULE_ORDERING] = ASSERT_LESS,
        [RULE_SUBSTRINGS] = ASSERT_PARTS,
        [RULE_BITS] = ASSERT_BITS,
    };

    assertion->how = hows[rule->use];
    assertion->kind = rule->kind;
    assertion->all_bits = rule->all_bits;
    return assertion->how == ASSERT_PARTS ? split_parts(assertion, value)
                                          : assertion_prepare(assertion, value);
}
