/*
 * members.c - who is in a distribution list of the user's own
 *
 * Kept as a text for each: name, address and key between tabs.
 */
#include "tests/exchange/contacts.h"
#include "tests/exchange/contacts_entries.h"

#include <stdio.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"

#define MEMBERS 50u

static const struct property_key key = { SET_HIDDEN, MEMBERS, NULL,
                                         TYPE_STRING_ARRAY };

struct member {
    char *name;
    char *address;
    char *key;
};

static struct member read_member(struct arena *arena, const char *text)
{
    struct member member = { .name = arena_strdup(arena, text) };
    char *tab = strchr(member.name, '\t');

    *tab = '\0';
    member.address = tab + 1;
    tab = strchr(member.address, '\t');
    *tab = '\0';
    member.key = tab + 1;
    return member;
}

static void put_mailbox(struct call *call, const struct member *member)
{
    buf_puts(&call->out, "<t:Mailbox>");
    put_element(&call->out, "t:Name", member->name);
    put_element(&call->out, "t:EmailAddress", member->address);
    buf_puts(&call->out, "<t:RoutingType>SMTP</t:RoutingType>");
    put_element(&call->out, "t:MailboxType",
                call->version < SCHEMA_2010 ||
                        sim_mailbox_find(call->exchange, member->address) !=
                            NULL
                    ? "Mailbox"
                    : "OneOff");
    buf_puts(&call->out, "</t:Mailbox>");
}

size_t contact_put_members(struct call *call, struct sim_item *list)
{
    const struct property *kept = bag_find(&list->bag, &key);

    for (size_t i = 0; kept != NULL && i < kept->count; i++) {
        struct member member = read_member(call->arena, kept->texts[i]);

        put_mailbox(call, &member);
    }
    return kept == NULL ? 0 : kept->count;
}

void entries_put_members(struct call *call, const struct field *field,
                         struct sim_item *item)
{
    const struct property *kept = bag_find(&item->bag, &key);

    (void)field;
    if (kept == NULL)
        return;
    buf_puts(&call->out, "<t:Members>");
    for (size_t i = 0; i < kept->count; i++) {
        struct member member = read_member(call->arena, kept->texts[i]);

        buf_printf(&call->out, "<t:Member Key=\"%s\">", member.key);
        put_mailbox(call, &member);
        buf_puts(&call->out, "<t:Status>Normal</t:Status></t:Member>");
    }
    buf_puts(&call->out, "</t:Members>");
}

/* A member's key is opaque: here it is its address. */
static const char *key_of(struct arena *arena, const char *address)
{
    size_t len = strlen(address);
    char *text = arena_alloc(arena, base64_encoded_size(len) + 1);

    text[base64_encode(address, len, text)] = '\0';
    return text;
}

/* A member is named by a mailbox, or by a contact that has an address. */
static const char *read_mailbox(struct call *call, const struct node *mailbox,
                                const char **address, const char **name)
{
    const struct node *id = node_child(mailbox, "ItemId");
    const char *code = NULL;
    struct sim_item *contact;

    *address = node_text(mailbox, "EmailAddress");
    *name = node_text(mailbox, "Name");
    if (id != NULL) {
        contact = call_item(call, id, WANT_READ, &code, NULL);
        if (contact != NULL && *address == NULL)
            *address = form_get(contact, SET_ADDRESS, 0x8083, TYPE_STRING);
        if (contact != NULL && *name == NULL)
            *name = form_get(contact, NULL, 0x3001, TYPE_STRING);
    }
    if (code == NULL && *address == NULL)
        code = "ErrorInvalidMailbox";
    if (*name == NULL)
        *name = *address;
    return code;
}

const char *entries_store_members(struct call *call,
                                  const struct form_field *field,
                                  struct sim_item *item,
                                  const struct node *element)
{
    const char **texts =
        arena_array(call->arena, node_count(element) + 1, sizeof *texts);
    size_t count = 0;

    (void)field;
    for (struct node *at = element == NULL ? NULL : element->children;
         at != NULL; at = at->next) {
        const char *address;
        const char *name;
        const char *code =
            read_mailbox(call, node_child(at, "Mailbox"), &address, &name);

        if (code != NULL)
            return code;
        texts[count++] = arena_printf(call->arena, "%s\t%s\t%s", name, address,
                                      key_of(call->arena, address));
    }
    if (count == 0)
        bag_remove(&item->bag, &key);
    else
        bag_set(&item->bag, &key, texts, count);
    return NULL;
}
