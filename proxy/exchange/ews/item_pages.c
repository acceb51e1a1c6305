/*
 * item_pages.c - FindItem, page by page
 */
#include "proxy/exchange/ews/item_pages.h"

#include <stdio.h>

#include "proxy/base/str.h"

void pages_write_view(struct xml_writer *writer, size_t rows, size_t offset)
{
    char most[24], start[24];

    snprintf(most, sizeof most, "%zu", rows);
    snprintf(start, sizeof start, "%zu", offset);
    xml_open(writer, "m:IndexedPageItemView");
    xml_attribute(writer, "MaxEntriesReturned", most);
    xml_attribute(writer, "Offset", start);
    xml_attribute(writer, "BasePoint", "Beginning");
    xml_close(writer);
}

void pages_write_order(struct xml_writer *writer, const struct property *by)
{
    xml_open(writer, "m:SortOrder");
    xml_open(writer, "t:FieldOrder");
    xml_attribute(writer, "Order", "Ascending");
    property_write_path(writer, by);
    xml_close(writer);
    xml_close(writer);
}

enum status pages_ask(struct op *op, struct ews *ews,
                      void (*build)(void *context,
                                    struct soap_request *request),
                      void *context, size_t offset, struct arena *arena,
                      struct item_page *page_out)
{
    struct soap_call call = { .operation = "FindItem",
                              .find = true,
                              .build = build,
                              .context = context };
    const struct xml_node *message;
    enum status status = soap_ask(op, ews, &call, arena, &message);
    uint64_t next;

    if (status == STATUS_NOT_FOUND)
        return STATUS_NO_FOLDER;
    if (status != STATUS_OK)
        return status;
    const struct xml_node *root = xml_child(message, "RootFolder");
    const struct xml_node *items = xml_child(root, "Items");
    const char *told = xml_value(root, "IndexedPagingOffset");
    if (root == NULL)
        return op_fail(op, STATUS_INTERNAL, "FindItem: no list in the answer");
    page_out->rows = items != NULL ? items->children : NULL;
    page_out->count = 0;
    for (const struct xml_node *row = page_out->rows; row != NULL;
         row = row->next)
        page_out->count++;
    page_out->last =
        !str_equal(xml_value(root, "IncludesLastItemInRange"), "false");
    page_out->next = offset + page_out->count;
    if (told != NULL && str_to_u64(told, SIZE_MAX, &next))
        page_out->next = (size_t)next;
    if (!page_out->last && page_out->next <= offset)
        return op_fail(op, STATUS_INTERNAL, "FindItem: no progress");
    return STATUS_OK;
}
