/*
 * schema.c - whether a request has the form that Exchange demands
 */
#include "tests/exchange/schema.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/path.h"

static const struct {
    const char *name;
    const char *mark;
} versions[SCHEMA_VERSION_COUNT] = {
    [SCHEMA_2007] = { "Exchange2007", "2007" },
    [SCHEMA_2007_SP1] = { "Exchange2007_SP1", "2007SP1" },
    [SCHEMA_2010] = { "Exchange2010", "2010" },
    [SCHEMA_2010_SP1] = { "Exchange2010_SP1", "2010SP1" },
    [SCHEMA_2010_SP2] = { "Exchange2010_SP2", "2010SP2" },
    [SCHEMA_2013] = { "Exchange2013", "2013" },
    [SCHEMA_2013_SP1] = { "Exchange2013_SP1", "2013SP1" },
    [SCHEMA_2016] = { "Exchange2016", "2016" },
};

enum schema_version schema_version(const char *text)
{
    enum schema_version version = 0;

    while (version < SCHEMA_VERSION_COUNT &&
           !str_equal(versions[version].name, text))
        version++;
    return version;
}

struct check {
    struct arena *arena;
    enum schema_version version;
    struct schema_violation *violation;
};

static bool violate(struct check *check, const struct node *node,
                    const char *text, const char *name)
{
    if (check->violation->text == NULL)
        *check->violation = (struct schema_violation){
            node, arena_printf(check->arena, text, name)
        };
    return false;
}

/* --- Reading the tables -------------------------------------------------- */

enum occurs { ONCE = 0, OPTIONAL = '?', ANY_NUMBER = '*', AT_LEAST_ONE = '+' };

struct particle {
    char kind;                /* 'e'lement, '%' group, '(' choice; 0: the end */
    const char *name; /* of an element or group; after the parenthesis */
    size_t name_len;
    const char *type;
    size_t type_len;
    char occurs;
    bool known;               /* by this version */
    const char *next;
};

static size_t word_len(const char *at)
{
    size_t len = 0;

    while (isalnum((unsigned char)at[len]) || at[len] == '_')
        len++;
    return len;
}

/* Past the matching parenthesis. */
static const char *skip_group(const char *at)
{
    int depth = 1;

    while (depth > 0) {
        if (*at == '(')
            depth++;
        if (*at == ')')
            depth--;
        at++;
    }
    return at;
}

static bool mark_is_known(const struct check *check, const char *mark,
                          size_t len)
{
    for (enum schema_version v = 0; v <= check->version; v++)
        if (strlen(versions[v].mark) == len &&
            memcmp(versions[v].mark, mark, len) == 0)
            return true;
    return false;
}

static struct particle read_particle(const struct check *check, const char *at)
{
    struct particle particle = { .known = true };

    at += strspn(at, " ");
    if (*at == '\0' || *at == ')' || *at == '|') {
        particle.next = at;
        return particle;
    }
    particle.kind = *at == '(' || *at == '%' ? *at++ : 'e';
    particle.name = at;
    if (particle.kind == '(') {
        at = skip_group(at);
    } else {
        particle.name_len = word_len(at);
        at += particle.name_len;
        if (*at == ':') {
            particle.type = ++at;
            particle.type_len = word_len(at);
            at += particle.type_len;
        }
    }
    if (*at != '\0' && strchr("?*+", *at) != NULL)
        particle.occurs = *at++;
    if (*at == '@') {
        size_t len = word_len(++at);

        particle.known = mark_is_known(check, at, len);
        at += len;
    }
    particle.next = at;
    return particle;
}

static const struct schema_type *find_type(const struct schema_type *table,
                                           const char *name, size_t len)
{
    for (; table->name != NULL; table++)
        if (strlen(table->name) == len && memcmp(table->name, name, len) == 0)
            return table;
    return NULL;
}

/* In either of the two tables of types, or of groups. */
static const struct schema_type *find_complex(const char *name, size_t len)
{
    const struct schema_type *type = find_type(schema_types, name, len);

    return type == NULL ? find_type(schema_form_types, name, len) : type;
}

static const struct schema_type *find_group(const char *name, size_t len)
{
    const struct schema_type *group = find_type(schema_groups, name, len);

    return group == NULL ? find_type(schema_form_groups, name, len) : group;
}

static const struct schema_simple *find_simple(const char *name, size_t len)
{
    const struct schema_simple *tables[] = { schema_simples,
                                             schema_form_simples };

    for (size_t i = 0; i < 2; i++)
        for (const struct schema_simple *at = tables[i]; at->name != NULL; at++)
            if (strlen(at->name) == len && memcmp(at->name, name, len) == 0)
                return at;
    return NULL;
}

/* --- Simple types -------------------------------------------------------- */

static bool is_int(const char *text)
{
    int64_t value;

    return str_to_i64(text, &value) && value >= INT32_MIN && value <= INT32_MAX;
}

static bool is_up_to(const char *text, int max)
{
    return is_int(text) && atoi(text) >= 1 && atoi(text) <= max;
}

static bool is_guid(const char *text)
{
    static const char form[] = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";

    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == 'h' ? !isxdigit((unsigned char)text[i])
                           : text[i] != form[i])
            return false;
    return text[sizeof form - 1] == '\0';
}

/* A tag in decimal, or in hexadecimal with 0x and at most four digits. */
static bool is_tag(const char *text)
{
    size_t len = strlen(text);

    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        return len >= 3 && len <= 6 &&
               strspn(text + 2, "0123456789abcdefABCDEF") == len - 2;
    return is_int(text);
}

static bool is_value_of(const struct check *check, const char *values,
                        const char *text)
{
    if (*values == '\0')
        return *text == '\0';
    while (*values != '\0') {
        size_t len = strcspn(values, "|");
        size_t name = strcspn(values, "|@");

        if (strlen(text) == name && memcmp(values, text, name) == 0)
            return name == len ||
                   mark_is_known(check, values + name + 1, len - name - 1);
        values += len + (values[len] == '|' ? 1 : 0);
    }
    return false;
}

/* xs:date, with or without a zone. */
static bool is_date(const char *text)
{
    return strlen(text) >= 10 && text[4] == '-' && text[7] == '-' &&
           strspn(text, "0123456789-") >= 10 &&
           (text[10] == '\0' || strchr("Z+-", text[10]) != NULL);
}

static bool is_double(const char *text)
{
    char *end;

    strtod(text, &end);
    return end != text && *end == '\0';
}

/* A list of names of days. */
static bool are_days(const struct check *check, const char *text)
{
    const char *days = find_simple("Day", 3)->values;
    char **names = str_split(check->arena, text, " \t\r\n");

    for (size_t i = 0; names[i] != NULL; i++)
        if (!is_value_of(check, days, names[i]))
            return false;
    return names[0] != NULL;
}

static bool fits_simple(const struct check *check, const char *type, size_t len,
                        const char *text)
{
    const struct schema_simple *simple = find_simple(type, len);
    size_t octets;

    if (simple != NULL)
        return is_value_of(check, simple->values, text);
    if (str_is_nocase(type, len, "fieldUri"))
        return path_uri_known(text, check->version);
    if (str_is_nocase(type, len, "boolean"))
        return is_value_of(check, "true|false|1|0", text);
    if (str_is_nocase(type, len, "int"))
        return is_int(text);
    if (str_is_nocase(type, len, "changes"))
        return is_up_to(text, 512);
    if (str_is_nocase(type, len, "halfhour"))
        return is_up_to(text, 30);
    if (str_is_nocase(type, len, "day"))
        return is_up_to(text, 1440);
    if (str_is_nocase(type, len, "dateTime"))
        return time_from_iso(text) != TIME_NONE;
    if (str_is_nocase(type, len, "date"))
        return is_date(text);
    if (str_is_nocase(type, len, "double"))
        return is_double(text);
    if (str_is_nocase(type, len, "days"))
        return are_days(check, text);
    if (str_is_nocase(type, len, "filled"))
        return *text != '\0';
    if (str_is_nocase(type, len, "guid"))
        return is_guid(text);
    if (str_is_nocase(type, len, "tag"))
        return is_tag(text);
    if (str_is_nocase(type, len, "base64"))
        return base64_decode(check->arena, text, strlen(text), &octets) != NULL;
    return true;
}

/* --- Attributes ---------------------------------------------------------- */

/* Looks `name` up in a list of attributes; 0 if it is not there. */
static bool find_attribute(const struct check *check, const char *list,
                           const char *name, struct particle *found)
{
    while (list != NULL && *list != '\0') {
        *found = read_particle(check, list);
        if (found->kind == 0)
            return false;
        if (str_is_nocase(found->name, found->name_len, name) &&
            memcmp(found->name, name, found->name_len) == 0)
            return found->known;
        list = found->next + (*found->next == '!' ? 1 : 0);
    }
    return false;
}

static bool check_required(struct check *check, const struct node *node,
                           const char *list)
{
    while (list != NULL && *list != '\0') {
        struct particle particle = read_particle(check, list);
        bool required = *particle.next == '!';

        if (particle.kind == 0)
            break;
        if (required &&
            node_attribute(node, arena_strndup(check->arena, particle.name,
                                               particle.name_len)) == NULL)
            return violate(
                check, node, "The required attribute '%s' is missing.",
                arena_strndup(check->arena, particle.name, particle.name_len));
        list = particle.next + (required ? 1 : 0);
    }
    return true;
}

static bool check_attributes(struct check *check, const struct node *node,
                             const struct schema_type *type)
{
    const struct schema_type *base =
        type->base == NULL
            ? NULL
            : find_complex(type->base, strlen(type->base));

    for (struct attribute *at = node->attributes; at != NULL; at = at->next) {
        struct particle found;

        if (!find_attribute(check, type->attributes, at->name, &found) &&
            !(base != NULL &&
              find_attribute(check, base->attributes, at->name, &found)))
            return violate(check, node, "The '%s' attribute is not declared.",
                           at->name);
        if (found.type != NULL &&
            !fits_simple(check, found.type, found.type_len, at->value))
            return violate(check, node, "The '%s' attribute is invalid.",
                           at->name);
    }
    return check_required(check, node, type->attributes) &&
           (base == NULL || check_required(check, node, base->attributes));
}

/* --- Content ------------------------------------------------------------- */

enum match { ABSENT, MATCHED, WRONG };

static bool check_node(struct check *check, const struct node *node,
                       const char *type, size_t len);

static enum match match_sequence(struct check *check, const char **pattern,
                                 enum namespace namespace,
                                 const struct node **at);

/* One of the alternatives between `pattern` and its parenthesis or end. */
static enum match match_choice(struct check *check, const char *pattern,
                               enum namespace namespace, const struct node **at)
{
    for (;;) {
        const char *rest = pattern;
        enum match match = match_sequence(check, &rest, namespace, at);

        if (match != ABSENT)
            return match;
        for (int depth = 0; depth > 0 || (*pattern != '|' && *pattern != ')' &&
                                          *pattern != '\0');
             pattern++)
            depth += *pattern == '(' ? 1 : *pattern == ')' ? -1 : 0;
        if (*pattern != '|')
            return ABSENT;
        pattern++;
    }
}

static enum match match_one(struct check *check,
                            const struct particle *particle,
                            enum namespace namespace, const struct node **at)
{
    const struct schema_type *group;

    if (*at == NULL || !particle->known)
        return ABSENT;
    if (particle->kind == '(')
        return match_choice(check, particle->name, namespace, at);
    if (particle->kind == '%') {
        group = find_group(particle->name, particle->name_len);
        return match_choice(check, group->content, NS_TYPES, at);
    }
    if ((*at)->namespace != namespace ||
        strlen((*at)->name) != particle->name_len ||
        memcmp((*at)->name, particle->name, particle->name_len) != 0)
        return ABSENT;
    if (particle->type != NULL &&
        !check_node(check, *at, particle->type, particle->type_len))
        return WRONG;
    *at = (*at)->next;
    return MATCHED;
}

static enum match match_particle(struct check *check,
                                 const struct particle *particle,
                                 enum namespace namespace,
                                 const struct node **at)
{
    enum match match = match_one(check, particle, namespace, at);
    bool optional = particle->occurs == OPTIONAL ||
                    particle->occurs == ANY_NUMBER || !particle->known;

    if (match == MATCHED && (particle->occurs == ANY_NUMBER ||
                             particle->occurs == AT_LEAST_ONE)) {
        do
            match = match_one(check, particle, namespace, at);
        while (match == MATCHED);
        return match == WRONG ? WRONG : MATCHED;
    }
    /* A missing optional part is as good as one that is there. */
    return match == ABSENT && optional ? MATCHED : match;
}

/* Particles one after the other up to the next bar, parenthesis or end. */
static enum match match_sequence(struct check *check, const char **pattern,
                                 enum namespace namespace,
                                 const struct node **at)
{
    const struct node *start = *at;

    for (;;) {
        struct particle particle = read_particle(check, *pattern);
        enum match match;

        if (particle.kind == 0)
            return *at == start ? ABSENT : MATCHED;
        match = match_particle(check, &particle, namespace, at);
        if (match == WRONG)
            return WRONG;
        if (match == ABSENT && *at == start)
            return ABSENT;
        if (match == ABSENT) {
            violate(check, *at != NULL ? *at : start->parent,
                    *at != NULL
                        ? "The element has an invalid child element '%s'."
                        : "The element '%s' has incomplete content.",
                    *at != NULL ? (*at)->name : start->parent->name);
            return WRONG;
        }
        *pattern = particle.next;
    }
}

/* Everything a type's content demands, the base's first. */
static bool match_content(struct check *check, const struct node *node,
                          const struct schema_type *type,
                          enum namespace namespace, const struct node **at)
{
    const char *pattern = type->content;

    if (type->base != NULL) {
        const struct schema_type *base =
            find_complex(type->base, strlen(type->base));

        if (!match_content(check, node, base, NS_TYPES, at))
            return false;
    }
    while (pattern != NULL) {
        struct particle particle = read_particle(check, pattern);
        enum match match;

        if (particle.kind == 0)
            break;
        match = match_particle(check, &particle, namespace, at);
        if (match == WRONG)
            return false;
        if (match == ABSENT)
            return violate(
                check, *at != NULL ? *at : node,
                *at != NULL ? "The element has an invalid child element '%s'."
                            : "The element '%s' has incomplete content.",
                *at != NULL ? (*at)->name : node->name);
        pattern = particle.next;
    }
    return true;
}

static bool check_complex(struct check *check, const struct node *node,
                          const struct schema_type *type,
                          enum namespace namespace)
{
    const struct node *at = node->children;

    if (!check_attributes(check, node, type))
        return false;
    if (type->text != NULL) {
        if (node->children != NULL)
            return violate(check, node,
                           "The element '%s' cannot contain elements.",
                           node->name);
        return fits_simple(check, type->text, strlen(type->text), node->text) ||
               violate(check, node, "The '%s' element is invalid.", node->name);
    }
    if (node->text[strspn(node->text, " \t\r\n")] != '\0')
        return violate(check, node, "The element '%s' cannot contain text.",
                       node->name);
    if (!match_content(check, node, type, namespace, &at))
        return false;
    return at == NULL ||
           violate(check, at, "The element has an invalid child element '%s'.",
                   at->name);
}

static bool check_node(struct check *check, const struct node *node,
                       const char *type, size_t len)
{
    const struct schema_type *complex = find_complex(type, len);

    if (str_is_nocase(type, len, "any"))
        return true;
    if (complex != NULL)
        return check_complex(check, node, complex, NS_TYPES);
    if (node->attributes != NULL)
        return violate(check, node, "The '%s' attribute is not declared.",
                       node->attributes->name);
    if (node->children != NULL)
        return violate(check, node, "The element '%s' cannot contain elements.",
                       node->name);
    return fits_simple(check, type, len, node->text) ||
           violate(check, node, "The '%s' element is invalid.", node->name);
}

/* --- Operations ---------------------------------------------------------- */

bool schema_knows(const char *operation, enum schema_version version)
{
    struct check check = { NULL, version, NULL };
    const struct schema_type *type =
        find_type(schema_messages, operation, strlen(operation));

    return type != NULL &&
           (type->text == NULL ||
            mark_is_known(&check, type->text, strlen(type->text)));
}

bool schema_check(struct arena *arena, const struct node *operation,
                  enum schema_version version,
                  struct schema_violation *violation)
{
    struct check check = { arena, version, violation };
    struct schema_type type =
        *find_type(schema_messages, operation->name, strlen(operation->name));

    *violation = (struct schema_violation){ NULL, NULL };
    type.text = NULL;
    return check_complex(&check, operation, &type, NS_MESSAGES);
}
