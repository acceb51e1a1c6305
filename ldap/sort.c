/*
 * sort.c - answers in order (RFC 2891)
 */
#include "ldap/sort.h"

#include <stdlib.h>

#include "ldap/ber.h"
#include "ldap/offers.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* The tags of what may be missing. */
#define SORT_RULE 0x80
#define SORT_REVERSE 0x81
#define SORT_ATTRIBUTE 0x80

/* --- The controls --------------------------------------------------------- */

/* Adds a key, or says why not. */
static void add_key(struct sort_order *order, const char *attribute,
                    const char *rule_name, bool reverse)
{
    const struct ldap_type *type = attribute_find(attribute);
    const struct matching_rule *rule = NULL;

    if (order->code != LDAP_SUCCESS || order->count == LDAP_SORT_KEYS)
        return;
    if (type != NULL)
        rule = rule_find(rule_name != NULL ? rule_name
                                           : syntaxes[type->syntax].ordering);
    if (type == NULL)
        order->code = LDAP_NO_SUCH_ATTRIBUTE;
    else if (rule == NULL || rule->use != RULE_ORDERING ||
             !rule_fits(rule, type->syntax))
        order->code = LDAP_INAPPROPRIATE_MATCHING;
    if (order->code != LDAP_SUCCESS) {
        order->attribute = attribute;
        return;
    }
    order->keys[order->count++] =
        (struct sort_key){ type, rule->kind, reverse };
}

static bool read_key(struct arena *arena, struct ber_reader key,
                     struct sort_order *order)
{
    const char *attribute = NULL, *rule = NULL;
    bool reverse = false;

    if (!ber_take_text(&key, BER_OCTETS, arena, &attribute) ||
        (ber_is(&key, SORT_RULE) &&
         !ber_take_text(&key, SORT_RULE, arena, &rule)) ||
        (ber_is(&key, SORT_REVERSE) &&
         !ber_take_boolean(&key, SORT_REVERSE, &reverse)))
        return false;
    add_key(order, attribute, rule, reverse);
    return true;
}

bool sort_read(struct arena *arena, const struct ldap_control *control,
               struct sort_order *order_out)
{
    struct ber_reader reader, list, key;
    size_t count = 0;

    *order_out = (struct sort_order){ .code = LDAP_SUCCESS };
    if (!control->has_value)
        return false;
    reader = ber_reader(control->value.data, control->value.len);
    if (!ber_take(&reader, BER_SEQUENCE, &list))
        return false;
    for (; ber_take(&list, BER_SEQUENCE, &key); count++) {
        if (!read_key(arena, key, order_out))
            return false;
    }
    return count > 0 && list.at == list.end;
}

struct ldap_answer_control sort_control(struct arena *arena,
                                        const struct sort_order *order)
{
    struct ber_writer *writer = ber_writer_new();

    ber_open(writer, BER_SEQUENCE);
    ber_add_integer(writer, BER_ENUMERATED, (int32_t)order->code);
    if (order->attribute != NULL)
        ber_add_text(writer, SORT_ATTRIBUTE, order->attribute);
    ber_close(writer);
    return (struct ldap_answer_control){ LDAP_CONTROL_SORTED,
                                         ber_finish(&writer, arena) };
}

/* --- Sorting -------------------------------------------------------------- */

/* Of several values the least counts. */
static struct octets least_key(struct arena *arena, const struct sort_key *key,
                               const struct ldap_attribute *attribute)
{
    struct octets least = { NULL, 0 };

    for (size_t i = 0; i < attribute->count; i++) {
        struct octets value;

        if (value_key(arena, key->kind, attribute->values[i], PART_WHOLE,
                      &value) &&
            (least.data == NULL || octets_compare(value, least) < 0))
            least = value;
    }
    return least;
}

void sort_prepare(struct arena *arena, const struct sort_order *order,
                  const struct ldap_entry *entry, struct sort_item *item_out)
{
    for (size_t i = 0; i < order->count; i++) {
        for (size_t j = 0; j < entry->count; j++) {
            if (str_equal(entry->attributes[j].name, order->keys[i].type->name))
                item_out->keys[i] =
                    least_key(arena, &order->keys[i], &entry->attributes[j]);
        }
    }
}

static int compare_keys(struct octets a, struct octets b)
{
    if (a.data == NULL || b.data == NULL)
        return (a.data == NULL) - (b.data == NULL);
    return octets_compare(a, b);
}

static int compare_items(const void *a, const void *b, void *context)
{
    const struct sort_item *one = a, *two = b;
    const struct sort_order *order = context;

    for (size_t i = 0; i < order->count; i++) {
        int result = compare_keys(one->keys[i], two->keys[i]);

        if (result != 0)
            return order->keys[i].reverse ? -result : result;
    }
    return (one->place > two->place) - (one->place < two->place);
}

void sort_found(const struct sort_order *order, struct sort_item *items,
                size_t count)
{
    struct sort_order copy = *order;

    if (count > 0)
        qsort_r(items, count, sizeof *items, compare_items, &copy);
}
