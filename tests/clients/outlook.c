/*
 * outlook.c - what another program does with the same mailbox meanwhile
 */
#include "tests/clients/outlook.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/program.h"

/* clang-format off */
static const struct {
    const char *folder;
    const char *element;
    const char *name;     /* what holds its name */
    const char *uri;
    const char *body;
    const char *standard; /* what it has besides */
    const char *series;   /* what makes it recur */
} kinds[] = {
    [OUTLOOK_EVENT] = {
        "calendar", "CalendarItem", "Subject", "item:Subject",
        "<t:Body BodyType=\"HTML\">&lt;html&gt;&lt;body&gt;&lt;b&gt;Join&lt;/b&gt; us"
        "&lt;/body&gt;&lt;/html&gt;</t:Body>",
        "<t:Start>2026-12-01T10:00:00Z</t:Start><t:End>2026-12-01T11:00:00Z</t:End>",
        "<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>"
        "<t:NumberedRecurrence><t:StartDate>2026-12-01</t:StartDate>"
        "<t:NumberOfOccurrences>9</t:NumberOfOccurrences></t:NumberedRecurrence>"
        "</t:Recurrence>" },
    [OUTLOOK_TASK] = { "tasks", "Task", "Subject", "item:Subject", "", "", "" },
    [OUTLOOK_CONTACT] = {
        "contacts", "Contact", "DisplayName", "contacts:DisplayName", "", "", "" },
};
/* clang-format on */

/* --- Asking --------------------------------------------------------------- */

static char *ask(const struct harness *harness, const char *user,
                 const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static char *ask(const struct harness *harness, const char *user,
                 const char *format, ...)
{
    struct buf soap;
    char *login;
    va_list args;

    buf_init(&soap, NULL);
    buf_puts(&soap,
             "<s:Envelope"
             " xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
             " xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/"
             "messages\""
             " xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/"
             "types\"><s:Header><t:RequestServerVersion"
             " Version=\"Exchange2007_SP1\"/></s:Header><s:Body>");
    va_start(args, format);
    buf_vprintf(&soap, format, args);
    va_end(args);
    buf_puts(&soap, "</s:Body></s:Envelope>");
    cr_assert(asprintf(&login, "%s:%s", user, PASSWORD) > 0);

    const char *curl[] = { "curl",
                           "-sS",
                           "--cacert",
                           exchange_ca_file(harness->exchange),
                           "-u",
                           login,
                           "-H",
                           "Content-Type: text/xml; charset=utf-8",
                           "--data-binary",
                           "@-",
                           exchange_url(harness->exchange),
                           NULL };
    char *answer = program_succeed(harness, curl, soap.data);
    cr_assert(strstr(answer, "ResponseClass=\"Success\"") != NULL &&
                  strstr(answer, "ResponseClass=\"Error\"") == NULL,
              "%s\n%s", soap.data, answer);
    buf_fini(&soap);
    free(login);
    return answer;
}

char *outlook_list(const struct harness *harness, const char *user,
                   const char *folder)
{
    return ask(harness, user,
               "<m:FindItem Traversal=\"Shallow\"><m:ItemShape>"
               "<t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>"
               "<m:ParentFolderIds><t:DistinguishedFolderId Id=\"%s\"/>"
               "</m:ParentFolderIds></m:FindItem>",
               folder);
}

/* The item of that name in a list; NULL if there is none. */
static char *find(const char *list, enum outlook_kind kind, const char *name)
{
    char wanted[256];
    char open[32];
    char close[32];

    snprintf(wanted, sizeof wanted, "<t:%s>%s</t:%s>", kinds[kind].name, name,
             kinds[kind].name);
    snprintf(open, sizeof open, "<t:%s>", kinds[kind].element);
    snprintf(close, sizeof close, "</t:%s>", kinds[kind].element);
    while ((list = strstr(list, open)) != NULL) {
        const char *end = strstr(list, close);
        char *item = strndup(list, (size_t)(end - list));

        if (strstr(item, wanted) != NULL)
            return item;
        free(item);
        list = end;
    }
    return NULL;
}

static char *find_here(const struct harness *harness, enum outlook_kind kind,
                       const char *name)
{
    char *list = outlook_list(harness, ANN, kinds[kind].folder);
    char *item = find(list, kind, name);

    free(list);
    return item;
}

/* "<t:ItemId .../>" of an item that has to be there; free it. */
static char *id_of(const struct harness *harness, enum outlook_kind kind,
                   const char *name)
{
    char *item = find_here(harness, kind, name);

    cr_assert(item != NULL, "Exchange has no %s called %s",
              kinds[kind].element, name);
    const char *id = strstr(item, "<t:ItemId ");
    char *text = strndup(id, strcspn(id, ">") + 1);
    free(item);
    return text;
}

/* --- Doing ---------------------------------------------------------------- */

static void create(const struct harness *harness, enum outlook_kind kind,
                   const char *items)
{
    free(ask(harness, ANN,
             "<m:CreateItem MessageDisposition=\"SaveOnly\""
             " SendMeetingInvitations=\"SendToAllAndSaveCopy\">"
             "<m:SavedItemFolderId><t:DistinguishedFolderId Id=\"%s\"/>"
             "</m:SavedItemFolderId><m:Items>%s</m:Items></m:CreateItem>",
             kinds[kind].folder, items));
}

static void put_item(struct buf *out, enum outlook_kind kind, const char *name,
                     const char *more)
{
    buf_printf(out, "<t:%s><t:%s>%s</t:%s>%s%s%s</t:%s>", kinds[kind].element,
               kinds[kind].name, name, kinds[kind].name, kinds[kind].body,
               kinds[kind].standard, more != NULL ? more : "",
               kinds[kind].element);
}

void outlook_add(const struct harness *harness, enum outlook_kind kind,
                 const char *name, const char *more)
{
    struct buf items;

    buf_init(&items, NULL);
    put_item(&items, kind, name, more);
    create(harness, kind, items.data);
    buf_fini(&items);
}

void outlook_add_many(const struct harness *harness, enum outlook_kind kind,
                      size_t count, size_t series)
{
    struct buf items;

    buf_init(&items, NULL);
    for (size_t i = 1; i <= count; i++) {
        bool recurs = series > 0 && i % series == 0;
        char name[32];

        snprintf(name, sizeof name, "Number %zu", i);
        put_item(&items, kind, name, recurs ? kinds[kind].series : NULL);
    }
    create(harness, kind, items.data);
    buf_fini(&items);
}

void outlook_rename(const struct harness *harness, enum outlook_kind kind,
                    const char *name, const char *new_name)
{
    char *id = id_of(harness, kind, name);

    free(ask(harness, ANN,
             "<m:UpdateItem ConflictResolution=\"AlwaysOverwrite\""
             " MessageDisposition=\"SaveOnly\""
             " SendMeetingInvitationsOrCancellations=\"SendToNone\">"
             "<m:ItemChanges><t:ItemChange>%s<t:Updates><t:SetItemField>"
             "<t:FieldURI FieldURI=\"%s\"/><t:%s><t:%s>%s</t:%s></t:%s>"
             "</t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges>"
             "</m:UpdateItem>",
             id, kinds[kind].uri, kinds[kind].element, kinds[kind].name,
             new_name, kinds[kind].name, kinds[kind].element));
    free(id);
}

void outlook_remove(const struct harness *harness, enum outlook_kind kind,
                    const char *name)
{
    char *id = id_of(harness, kind, name);

    free(ask(harness, ANN,
             "<m:DeleteItem DeleteType=\"MoveToDeletedItems\""
             " SendMeetingCancellations=\"SendToNone\""
             " AffectedTaskOccurrences=\"AllOccurrences\">"
             "<m:ItemIds>%s</m:ItemIds></m:DeleteItem>",
             id));
    free(id);
}

/* --- Looking -------------------------------------------------------------- */

bool outlook_has(const struct harness *harness, enum outlook_kind kind,
                 const char *name)
{
    char *item = find_here(harness, kind, name);

    free(item);
    return item != NULL;
}

size_t outlook_count(const struct harness *harness, enum outlook_kind kind)
{
    char *list = outlook_list(harness, ANN, kinds[kind].folder);
    const char *total = strstr(list, "TotalItemsInView=\"");

    cr_assert(total != NULL, "%s", list);
    size_t count = strtoul(strchr(total, '"') + 1, NULL, 10);
    free(list);
    return count;
}

static char *show(const struct harness *harness, enum outlook_kind kind,
                  const char *name, const char *body_type)
{
    char *id = id_of(harness, kind, name);
    char *answer = ask(harness, ANN,
                       "<m:GetItem><m:ItemShape>"
                       "<t:BaseShape>AllProperties</t:BaseShape>"
                       "<t:BodyType>%s</t:BodyType></m:ItemShape>"
                       "<m:ItemIds>%s</m:ItemIds></m:GetItem>",
                       body_type, id);

    free(id);
    return answer;
}

char *outlook_show(const struct harness *harness, enum outlook_kind kind,
                   const char *name)
{
    return show(harness, kind, name, "Text");
}

char *outlook_show_html(const struct harness *harness, enum outlook_kind kind,
                        const char *name)
{
    return show(harness, kind, name, "HTML");
}

void outlook_expect(const struct harness *harness, enum outlook_kind kind,
                    const char *name, const char *text)
{
    char *item = outlook_show(harness, kind, name);

    cr_expect(strstr(item, text) != NULL, "%s has no %s:\n%s", name, text,
              item);
    free(item);
}
