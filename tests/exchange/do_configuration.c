/*
 * do_configuration.c - GetUserConfiguration: the list of categories
 *
 * It is kept in the calendar, as XML: MS-OXOCFG, 2.2.5.2.
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

void do_get_user_configuration(struct call *call)
{
    const struct node *name = node_child(call->request, "UserConfigurationName");
    const char *code = message_fault(call);
    struct sim_folder *folder = NULL;
    const char *list;

    if (code == NULL)
        folder = call_folder(call, name->children, WANT_READ, &code);
    if (code == NULL &&
        (!str_equal(folder->use, "calendar") ||
         !str_equal(node_attribute(name, "Name"), "CategoryList") ||
         folder->mailbox->category_count == 0))
        code = "ErrorItemNotFound";
    if (code != NULL) {
        message_simple(call, code, NULL);
        return;
    }
    message_begin(call, NULL);
    buf_puts(&call->out, "<m:UserConfiguration>");
    put_name(call, name);
    list = list_of(call->arena, folder->mailbox);
    if (is_wanted(call, "XmlData")) {
        buf_puts(&call->out, "<t:XmlData>");
        put_base64(&call->out, list, strlen(list));
        buf_puts(&call->out, "</t:XmlData>");
    }
    buf_puts(&call->out, "</m:UserConfiguration>");
    message_end(call);
}
