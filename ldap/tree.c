/*
 * tree.c - what there is besides people, and where people stand
 */
#include "ldap/tree.h"

#include "ldap/attributes.h"
#include "ldap/call.h"
#include "ldap/dn.h"
#include "ldap/offers.h"
#include "ldap/person_values.h"
#include "ldap/schema.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* RFC 3673; RFC 4526. */
#define ALL_OPERATIONAL "1.3.6.1.4.1.4203.1.5.1"
#define ABSOLUTE_FILTERS "1.3.6.1.4.1.4203.1.5.3"

static void root_add(struct value_list *out, const struct ldap_call *call,
                     const char *type);

/* clang-format off */
const struct tree_node tree_nodes[] = {
    { "", NULL, NULL, NULL, NULL, NULL, root_add, false, false, false },
    { "cn=Subschema", NULL, "subentry", "cn", "Subschema", NULL, schema_add, false, false, false },
    { "ou=people", "", "organizationalUnit", "ou", "people",
      "The organisation's directory and your own contacts", NULL, true, true, false },
    { "o=od", "", "organization", "o", "od", NULL, NULL, false, false, false },
    { "cn=users,o=od", "o=od", "container", "cn", "users", NULL, NULL, true, false, true },
    { "cn=groups,o=od", "o=od", "container", "cn", "groups", NULL, NULL, false, true, true },
    { "cn=computers,o=od", "o=od", "container", "cn", "computers", NULL, NULL, false, false,
      false },
    { "cn=config,o=od", "o=od", "container", "cn", "config", NULL, NULL, false, false, false },
};
/* clang-format on */

const size_t tree_node_count = sizeof tree_nodes / sizeof *tree_nodes;

/* --- The root ------------------------------------------------------------- */

static void add_all(struct value_list *out, const char *const *texts)
{
    for (; *texts != NULL; texts++)
        value_add(out, *texts);
}

static void add_contexts(struct value_list *out)
{
    for (size_t i = 0; i < tree_node_count; i++) {
        if (str_equal(tree_nodes[i].parent, ""))
            value_add(out, tree_nodes[i].dn);
    }
}

static void root_add(struct value_list *out, const struct ldap_call *call,
                     const char *type)
{
    static const struct {
        const char *type;
        const char *values[3];
    } fixed[] = {
        { "defaultNamingContext", { PEOPLE_DN, NULL, NULL } },
        { "supportedFeatures", { ALL_OPERATIONAL, ABSOLUTE_FILTERS, NULL } },
        { "supportedLDAPVersion", { "3", NULL, NULL } },
        { "vendorName", { "Postern", NULL, NULL } },
        { "vendorVersion", { POSTERN_VERSION, NULL, NULL } },
    };

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        if (str_equal(type, fixed[i].type))
            add_all(out, fixed[i].values);
    }
    if (str_equal(type, "namingContexts"))
        add_contexts(out);
    else if (str_equal(type, "supportedControl"))
        add_all(out, ldap_offered_controls(call->op->arena));
    else if (str_equal(type, "supportedExtension"))
        add_all(out, ldap_offered_extensions(call));
    else if (str_equal(type, "supportedSASLMechanisms"))
        add_all(out, ldap_offered_mechanisms(call));
}

/* --- Entries -------------------------------------------------------------- */

static bool has_children(const struct tree_node *node)
{
    for (size_t i = 0; i < tree_node_count; i++) {
        if (str_equal(tree_nodes[i].parent, node->dn))
            return true;
    }
    return node->holds_people || node->holds_groups;
}

/* What every one of them has. */
static void add_common(struct value_list *out, const struct tree_node *node,
                       const char *type)
{
    if (str_equal(type, "objectClass")) {
        value_add(out, "top");
        value_add(out, node->class);
        if (node->add == schema_add)
            value_add(out, "subschema");
    } else if (str_equal(type, "structuralObjectClass")) {
        value_add(out, node->class);
    } else if (str_equal(type, "entryDN")) {
        value_add(out, node->dn);
    } else if (str_equal(type, "subschemaSubentry")) {
        value_add(out, "cn=Subschema");
    } else if (str_equal(type, "hasSubordinates")) {
        value_add(out, has_children(node) ? "TRUE" : "FALSE");
    } else if (str_equal(type, "description")) {
        value_add(out, node->description);
    } else if (str_equal(type, node->type)) {
        value_add(out, node->value);
    }
}

struct ldap_entry tree_entry(const struct ldap_call *call,
                             const struct tree_node *node)
{
    struct arena *arena = call->op->arena;
    struct ldap_attribute *attributes =
        arena_array(arena, attribute_type_count, sizeof *attributes);
    struct ldap_entry entry = { node->dn, attributes, 0 };

    for (size_t i = 0; i < attribute_type_count; i++) {
        const char *type = attribute_types[i].name;
        struct value_list values = { .arena = arena };

        add_common(&values, node, type);
        if (node->add != NULL)
            node->add(&values, call, type);
        if (values.count > 0)
            attributes[entry.count++] =
                (struct ldap_attribute){ type, values.values, values.count };
    }
    return entry;
}

/* --- Finding -------------------------------------------------------------- */

static const struct tree_node *find_node(struct arena *arena, const char *key)
{
    for (size_t i = 0; i < tree_node_count; i++) {
        struct dn dn;

        if (dn_parse(arena, tree_nodes[i].dn, &dn) &&
            str_equal(dn_key(arena, &dn, 0), key))
            return &tree_nodes[i];
    }
    return NULL;
}

/* The id in the first step of a name; NULL: it is none of a person. */
static const char *person_id(struct arena *arena, const struct dn_rdn *rdn)
{
    const struct ldap_type *type = attribute_find(rdn->values[0].type);
    const char *id = octets_text(rdn->values[0].value);

    return rdn->count == 1 && type != NULL && str_equal(type->name, "uid") &&
                   id != NULL && *id != '\0'
               ? str_lower(arena_strdup(arena, id))
               : NULL;
}

/* No entry of the table stands deeper, so that of a longer name the end alone
 * is looked for. */
enum { DEPTH = 2 };

enum ldap_code tree_seek(struct arena *arena, const char *text,
                         struct tree_place *place_out, const char **matched_out)
{
    const struct tree_node *above = NULL;
    struct dn dn;
    size_t from = 0;

    *place_out = (struct tree_place){ 0 };
    *matched_out = NULL;
    if (!dn_parse(arena, text, &dn))
        return LDAP_INVALID_DN_SYNTAX;
    if (dn.count > DEPTH)
        from = dn.count - DEPTH;
    while ((above = find_node(arena, dn_key(arena, &dn, from))) == NULL)
        from++;
    *matched_out = above->dn;
    if (from == 0)
        place_out->node = above;
    else if (from == 1 && (above->holds_people || above->holds_groups))
        place_out->id = person_id(arena, &dn.rdns[0]);
    place_out->holder = above;
    return place_out->node != NULL || place_out->id != NULL
               ? LDAP_SUCCESS
               : LDAP_NO_SUCH_OBJECT;
}

/* --- Scopes --------------------------------------------------------------- */

static bool is_below(const struct tree_node *node, const struct tree_node *base)
{
    for (size_t i = 0; i < tree_node_count; i++) {
        if (str_equal(tree_nodes[i].dn, node->parent))
            return &tree_nodes[i] == base || is_below(&tree_nodes[i], base);
    }
    return false;
}

/* The root DSE is in no naming context (RFC 4512, 5.1). */
bool tree_covers(const struct tree_node *base, enum ldap_scope scope,
                 const struct tree_node *node)
{
    switch (scope) {
    case LDAP_BASE:
        return node == base;
    case LDAP_ONE_LEVEL:
        return str_equal(node->parent, base->dn);
    case LDAP_SUBTREE:
        break;
    }
    return (node == base && *base->dn != '\0') || is_below(node, base);
}

bool tree_covers_people(const struct tree_node *base, enum ldap_scope scope,
                        const struct tree_node *node)
{
    if ((!node->holds_people && !node->holds_groups) || scope == LDAP_BASE)
        return false;
    if (node == base)
        return true;
    return scope == LDAP_SUBTREE && is_below(node, base) &&
           !(node->apple && *base->dn == '\0');
}

bool tree_holds(const struct tree_node *node, const struct person *person)
{
    return person->kind == PERSON_GROUP ? node->holds_groups
                                        : node->holds_people;
}
