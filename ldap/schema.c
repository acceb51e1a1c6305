/*
 * schema.c - the schema as clients read it (RFC 4512, 4.1), from our tables
 */
#include "ldap/schema.h"

#include <string.h>

#include "ldap/attributes.h"
#include "ldap/classes.h"
#include "ldap/person_values.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

static void begin(struct buf *out, struct arena *arena, const char *oid)
{
    buf_init(out, arena);
    buf_printf(out, "( %s", oid);
}

static void end(struct value_list *list, struct buf *out)
{
    buf_puts(out, " )");
    value_add_octets(list, (struct octets){ out->data, out->len });
}

/* "NAME 'cn'" or "NAME ( 'cn' 'commonName' )". */
static void put_names(struct buf *out, const char *name, const char *aliases)
{
    bool one = *aliases == '\0';

    buf_printf(out, one ? " NAME '%s'" : " NAME ( '%s'", name);
    while (*aliases != '\0') {
        size_t len = strcspn(aliases, " ");

        buf_printf(out, " '%.*s'", (int)len, aliases);
        aliases += len + strspn(aliases + len, " ");
    }
    buf_puts(out, one ? "" : " )");
}

/* "MAY ( sn $ cn )" of "sn cn". */
static void put_list(struct buf *out, const char *word, const char *names)
{
    if (*names == '\0')
        return;
    buf_printf(out, " %s (", word);
    while (*names != '\0') {
        size_t len = strcspn(names, " ");

        buf_printf(out, " %.*s", (int)len, names);
        names += len + strspn(names + len, " ");
        buf_puts(out, *names != '\0' ? " $" : " )");
    }
}

static void put_optional(struct buf *out, const char *word, const char *value)
{
    if (value != NULL)
        buf_printf(out, " %s %s", word, value);
}

static void put_type(struct value_list *list, const struct ldap_type *type)
{
    const struct syntax *syntax = &syntaxes[type->syntax];
    struct buf out;

    begin(&out, list->arena, type->oid);
    put_names(&out, type->name, type->aliases);
    put_optional(&out, "SUP", type->sup);
    put_optional(&out, "EQUALITY", syntax->equality);
    put_optional(&out, "ORDERING", syntax->ordering);
    put_optional(&out, "SUBSTR", syntax->substrings);
    put_optional(&out, "SYNTAX", syntax->oid);
    buf_puts(&out, type->flags & ATTRIBUTE_SINGLE ? " SINGLE-VALUE" : "");
    if (type->flags & ATTRIBUTE_OPERATIONAL)
        buf_puts(&out, " NO-USER-MODIFICATION USAGE directoryOperation");
    end(list, &out);
}

static void put_types(struct value_list *list)
{
    for (size_t i = 0; i < attribute_type_count; i++)
        put_type(list, &attribute_types[i]);
}

static void put_classes(struct value_list *list)
{
    for (size_t i = 0; i < object_class_count; i++) {
        const struct ldap_class *class = &object_classes[i];
        struct buf out;

        begin(&out, list->arena, class->oid);
        put_names(&out, class->name, "");
        put_optional(&out, "SUP", class->sup);
        buf_printf(&out, " %s", class->kind);
        put_list(&out, "MUST", class->must);
        put_list(&out, "MAY", class->may);
        end(list, &out);
    }
}

static void put_rules(struct value_list *list)
{
    for (size_t i = 0; i < matching_rule_count; i++) {
        const struct matching_rule *rule = &matching_rules[i];
        struct buf out;

        begin(&out, list->arena, rule->oid);
        put_names(&out, rule->name, "");
        put_optional(&out, "SYNTAX", rule->syntax);
        end(list, &out);
    }
}

static void put_syntaxes(struct value_list *list)
{
    for (size_t i = 0; i < SYNTAX_COUNT; i++)
        value_add(list, arena_printf(list->arena, "( %s DESC '%s' )",
                                     syntaxes[i].oid, syntaxes[i].name));
    /* What parts of values are looked for with; no attribute has it. */
    value_add(list, "( 1.3.6.1.4.1.1466.115.121.1.58 DESC 'Substring "
                    "Assertion' )");
}

/* clang-format off */
static const struct {
    const char *type;
    void (*put)(struct value_list *list);
} parts[] = {
    { "attributeTypes", put_types },
    { "objectClasses",  put_classes },
    { "matchingRules",  put_rules },
    { "ldapSyntaxes",   put_syntaxes },
};
/* clang-format on */

void schema_add(struct value_list *out, const struct ldap_call *call,
                const char *type)
{
    (void)call;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (str_equal(parts[i].type, type))
            parts[i].put(out);
    }
}
