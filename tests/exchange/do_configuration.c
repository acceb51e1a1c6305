/*
 * do_configuration.c - GetUserConfiguration: the list of categories, and the
 * options of Outlook on the Web
 *
 * The first is kept in the calendar, as XML: MS-OXOCFG, 2.2.5.2.
 */
#include "tests/exchange/call.h"

#include <string.h>

#include "proxy/base/str.h"

static void put_category(struct buf *out, const struct sim_category *category,
                         size_t number)
{
    buf_puts(out, "<category name=\"");
    put_text(out, category->name);
    buf_printf(out,
               "\" color=\"%d\" keyboardShortcut=\"0\" usageCount=\"1\""
               " lastTimeUsedNotes=\"1601-01-01T00:00:00.000\""
               " lastTimeUsed=\"2024-01-01T10:00:00.000\""
               " lastSessionUsed=\"0\""
               " guid=\"{5F2C1D30-0000-4A6B-9C3E-%012zX}\"/>",
               category->colour, number);
}

static char *list_of(struct arena *arena, const struct sim_mailbox *mailbox)
{
    struct buf list;

    buf_init(&list, arena);
    buf_puts(&list, "<?xml version=\"1.0\"?><categories default=\"\""
                    " lastSavedSession=\"1\""
                    " lastSavedTime=\"2024-01-01T10:00:00.000\""
                    " xmlns=\"CategoryList.xsd\">");
    for (size_t i = 0; i < mailbox->category_count; i++)
        put_category(&list, &mailbox->categories[i], i);
    buf_puts(&list, "</categories>");
    return list.data;
}

static void put_name(struct call *call, const struct node *name)
{
    const struct node *folder = name->children;

    buf_puts(&call->out, "<t:UserConfigurationName Name=\"");
    put_text(&call->out, node_attribute(name, "Name"));
    buf_printf(&call->out, "\"><t:%s Id=\"", folder->name);
    put_text(&call->out, node_attribute(folder, "Id"));
    buf_puts(&call->out, "\"/></t:UserConfigurationName>");
}

/* Whether this one of the properties was asked for. */
static bool is_wanted(const struct call *call, const char *property)
{
    const char *asked = node_text(call->request, "UserConfigurationProperties");

    return strstr(asked, property) != NULL || strstr(asked, "All") != NULL;
}

static void put_categories(struct call *call, const struct sim_mailbox *mailbox)
{
    const char *list = list_of(call->arena, mailbox);

    if (!is_wanted(call, "XmlData"))
        return;
    buf_puts(&call->out, "<t:XmlData>");
    put_base64(&call->out, list, strlen(list));
    buf_puts(&call->out, "</t:XmlData>");
}

static void put_entry(struct call *call, const char *key, const char *value)
{
    buf_printf(&call->out,
               "<t:DictionaryEntry><t:DictionaryKey><t:Type>String</t:Type>"
               "<t:Value>%s</t:Value></t:DictionaryKey><t:DictionaryValue>"
               "<t:Type>String</t:Type>",
               key);
    put_element(&call->out, "t:Value", value);
    buf_puts(&call->out, "</t:DictionaryValue></t:DictionaryEntry>");
}

/* What Outlook on the Web keeps. */
static void put_options(struct call *call, const struct sim_mailbox *mailbox)
{
    if (!is_wanted(call, "Dictionary"))
        return;
    buf_puts(&call->out, "<t:Dictionary>");
    put_entry(call, "timezone", mailbox->zone);
    put_entry(call, "dateformat", "");
    buf_puts(&call->out, "</t:Dictionary>");
}

static bool has_categories(const struct sim_mailbox *mailbox)
{
    return mailbox->category_count > 0;
}

static bool has_options(const struct sim_mailbox *mailbox)
{
    return mailbox->zone != NULL;
}

static const struct configuration {
    const char *name;
    const char *folder;
    bool (*exists)(const struct sim_mailbox *mailbox);
    void (*put)(struct call *call, const struct sim_mailbox *mailbox);
} configurations[] = {
    { "CategoryList", "calendar", has_categories, put_categories },
    { "OWA.UserOptions", "root", has_options, put_options },
};

/* NULL if there is none of that name in the folder. */
static const struct configuration *find(const struct sim_folder *folder,
                                        const char *name)
{
    for (size_t i = 0; i < sizeof configurations / sizeof *configurations; i++)
        if (str_equal(configurations[i].name, name) &&
            str_equal(configurations[i].folder, folder->use) &&
            configurations[i].exists(folder->mailbox))
            return &configurations[i];
    return NULL;
}

void do_get_user_configuration(struct call *call)
{
    const struct node *name = node_child(call->request, "UserConfigurationName");
    const struct configuration *found = NULL;
    const char *code = message_fault(call);
    struct sim_folder *folder = NULL;

    if (code == NULL)
        folder = call_folder(call, name->children, WANT_READ, &code);
    if (code == NULL &&
        (found = find(folder, node_attribute(name, "Name"))) == NULL)
        code = "ErrorItemNotFound";
    if (code != NULL) {
        message_simple(call, code, NULL);
        return;
    }
    message_begin(call, NULL);
    buf_puts(&call->out, "<m:UserConfiguration>");
    put_name(call, name);
    found->put(call, folder->mailbox);
    buf_puts(&call->out, "</m:UserConfiguration>");
    message_end(call);
}
