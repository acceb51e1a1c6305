/*
 * test_soap.c - the SOAP door keeps to the schema and refuses what Exchange
 * refuses
 *
 * Where the official schema is at hand every answer is held against it.
 */
#include "tests/exchange/soap.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/exchange/node.h"
#include "tests/exchange/schema.h"
#include "tests/simulation/asking.h"

#define USER "ann@example.com"
#define OTHER "bert@example.com"
#define MESSAGE \
    "From: Bob <bob@example.org>\r\nTo: ann@example.com\r\nSubject: Hello \303\244\r\n" \
    "Message-ID: <1@example.org>\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000\r\n" \
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" \
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe body's words.\r\n" \
    "--b\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\n" \
    "Content-Disposition: attachment; filename=\"a.pdf\"\r\n" \
    "Content-Transfer-Encoding: base64\r\n\r\nUERG\r\n--b--\r\n"

static struct {
    struct asking asking;
    struct exchange *exchange;
    struct arena *arena;
    const char *item;
    char *key;
} t;

/* --- Asking -------------------------------------------------------------- */

/* "{item}" becomes the message's id with its key, "{id}" the id alone. */
static char *fill_in(const char *text)
{
    struct buf out;

    buf_init(&out, t.arena);
    for (; *text != '\0'; text++) {
        if (str_starts(text, "{item}")) {
            buf_printf(&out, "Id=\"%s\" ChangeKey=\"%s\"", t.item, t.key);
            text += 5;
        } else if (str_starts(text, "{id}")) {
            buf_printf(&out, "Id=\"%s\"", t.item);
            text += 3;
        } else {
            buf_putc(&out, *text);
        }
    }
    buf_putc(&out, '\0');
    return out.data;
}

static char *ask_with(const char *version, const char *header,
                      const char *operation,
                      const struct exchange_fault_rule *fault)
{
    return asking_ask(&t.asking, USER, version, header, fill_in(operation),
                      fault, NULL);
}

static char *ask(const char *operation)
{
    return ask_with("Exchange2013_SP1", "", operation, NULL);
}

static char *between(const char *answer, const char *start, const char *end)
{
    return asking_between(&t.asking, answer, start, end);
}

static char *code_of(const char *answer)
{
    return asking_code(&t.asking, answer);
}

/* Takes the message's present key. */
static void refresh_key(void)
{
    char *answer = ask("<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>"
                       "</m:ItemShape><m:ItemIds><t:ItemId {id}/></m:ItemIds></m:GetItem>");

    t.key = between(answer, "ChangeKey=\"", "\"");
}

static void start(enum exchange_version version)
{
    asking_restart(&t.asking, version);
    t.exchange = t.asking.exchange;
    exchange_add_user(t.exchange, USER, "Ann", "secret", "de");
    exchange_add_user(t.exchange, OTHER, "Bert", "secret", "en");
    t.item = exchange_add_message(t.exchange, USER, NULL, MESSAGE,
                                  strlen(MESSAGE), 1704103200, false);
    t.key = arena_strdup(t.arena, "");
}

static void set_up(void)
{
    asking_begin(&t.asking, EXCHANGE_2016);
    t.arena = t.asking.arena;
    start(EXCHANGE_2016);
    refresh_key();
}

static void tear_down(void)
{
    asking_end(&t.asking);
}

TestSuite(soap, .init = set_up, .fini = tear_down, .timeout = 600);

/* --- Codes --------------------------------------------------------------- */

#define SHAPE "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
#define INBOX "<t:DistinguishedFolderId Id=\"inbox\"/>"
#define FIND(rest) \
    "<m:FindItem Traversal=\"Shallow\">" SHAPE rest "<m:ParentFolderIds>" INBOX \
    "</m:ParentFolderIds></m:FindItem>"
#define UPDATE(attributes, updates) \
    "<m:UpdateItem " attributes "><m:ItemChanges><t:ItemChange><t:ItemId {item}/>" \
    "<t:Updates>" updates "</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>"
#define ALWAYS "ConflictResolution=\"AlwaysOverwrite\" MessageDisposition=\"SaveOnly\""
#define SET_READ \
    "<t:SetItemField><t:FieldURI FieldURI=\"message:IsRead\"/><t:Message>" \
    "<t:IsRead>true</t:IsRead></t:Message></t:SetItemField>"
#define CREATE(disposition, message) \
    "<m:CreateItem MessageDisposition=\"" disposition "\"><m:Items><t:Message>" message \
    "</t:Message></m:Items></m:CreateItem>"
#define SYNC(folder, rest) \
    "<m:SyncFolderItems>" SHAPE "<m:SyncFolderId>" folder "</m:SyncFolderId>" rest \
    "</m:SyncFolderItems>"
#define MAX(n) "<m:MaxChangesReturned>" n "</m:MaxChangesReturned>"

/* clang-format off */
static const struct {
    const char *name;
    const char *version;
    const char *operation;
    const char *code;
} cases[] = {
    { "an element too early", "Exchange2013_SP1",
      "<m:GetItem><m:ItemIds><t:ItemId {item}/></m:ItemIds>" SHAPE "</m:GetItem>", "ErrorSchemaValidation" },
    { "an unknown element", "Exchange2013_SP1",
      FIND("<m:Nonsense/>"), "ErrorSchemaValidation" },
    { "an unknown attribute", "Exchange2013_SP1",
      "<m:GetItem Nonsense=\"1\">" SHAPE "<m:ItemIds><t:ItemId {item}/></m:ItemIds></m:GetItem>", "ErrorSchemaValidation" },
    { "an unknown operation", "Exchange2013_SP1", "<m:Nonsense/>", "ErrorSchemaValidation" },
    { "a missing attribute", "Exchange2013_SP1",
      "<m:DeleteItem><m:ItemIds><t:ItemId {item}/></m:ItemIds></m:DeleteItem>", "ErrorSchemaValidation" },
    { "a value that is none", "Exchange2013_SP1",
      "<m:DeleteItem DeleteType=\"Gone\"><m:ItemIds><t:ItemId {item}/></m:ItemIds></m:DeleteItem>", "ErrorSchemaValidation" },
    { "no ids at all", "Exchange2013_SP1",
      "<m:GetItem>" SHAPE "<m:ItemIds/></m:GetItem>", "ErrorSchemaValidation" },
    { "a field that is none", "Exchange2013_SP1",
      FIND("<m:Restriction><t:Exists><t:FieldURI FieldURI=\"item:Nonsense\"/></t:Exists></m:Restriction>"), "ErrorSchemaValidation" },
    { "ReturnNewItemIds before 2010 SP1", "Exchange2010",
      "<m:MoveItem><m:ToFolderId>" INBOX "</m:ToFolderId><m:ItemIds><t:ItemId {item}/></m:ItemIds><m:ReturnNewItemIds>true</m:ReturnNewItemIds></m:MoveItem>", "ErrorSchemaValidation" },
    { "SuppressReadReceipts before 2013", "Exchange2010_SP2",
      UPDATE(ALWAYS " SuppressReadReceipts=\"true\"", SET_READ), "ErrorSchemaValidation" },
    { "SyncScope before 2010", "Exchange2007_SP1",
      SYNC(INBOX, MAX("10") "<m:SyncScope>NormalItems</m:SyncScope>"), "ErrorSchemaValidation" },
    { "item:Flag before 2013", "Exchange2010_SP2",
      FIND("<m:Restriction><t:Exists><t:FieldURI FieldURI=\"item:Flag\"/></t:Exists></m:Restriction>"), "ErrorSchemaValidation" },
    { "archive ids before 2010 SP1", "Exchange2010",
      "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id=\"archiveroot\"/></m:FolderIds></m:GetFolder>", "ErrorSchemaValidation" },
    { "an ExtendedProperty behind IsRead", "Exchange2013_SP1",
      CREATE("SaveOnly", "<t:IsRead>true</t:IsRead><t:ExtendedProperty><t:ExtendedFieldURI PropertyTag=\"0x1090\" PropertyType=\"Integer\"/><t:Value>2</t:Value></t:ExtendedProperty>"), "ErrorSchemaValidation" },
    { "IsRead in an Item", "Exchange2013_SP1",
      UPDATE(ALWAYS, "<t:SetItemField><t:FieldURI FieldURI=\"message:IsRead\"/><t:Item><t:IsRead>true</t:IsRead></t:Item></t:SetItemField>"), "ErrorSchemaValidation" },
    { "no changes asked for", "Exchange2013_SP1", SYNC(INBOX, MAX("0")), "ErrorSchemaValidation" },
    { "too many changes asked for", "Exchange2013_SP1", SYNC(INBOX, MAX("513")), "ErrorSchemaValidation" },
    { "512 changes asked for", "Exchange2013_SP1", SYNC(INBOX, MAX("512")), "NoError" },
    { "a version that is none", "Exchange1999", FIND(""), "ErrorInvalidServerVersion" },
    { "a state that is none", "Exchange2013_SP1",
      SYNC(INBOX, "<m:SyncState>AAAA</m:SyncState>" MAX("10")), "ErrorInvalidSyncStateData" },
    { "a search folder cannot be synced", "Exchange2013_SP1",
      SYNC("<t:FolderId Id=\"AAAA\"/>", MAX("10")), "ErrorInvalidIdMalformed" },
    { "a body in a list", "Exchange2013_SP1",
      "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI=\"item:Body\"/></t:AdditionalProperties></m:ItemShape><m:ParentFolderIds>" INBOX "</m:ParentFolderIds></m:FindItem>", "ErrorInvalidPropertyForOperation" },
    { "a tag of custom properties", "Exchange2013_SP1",
      FIND("<m:Restriction><t:Exists><t:ExtendedFieldURI PropertyTag=\"0x8570\" PropertyType=\"Integer\"/></t:Exists></m:Restriction>"), "ErrorNoPropertyTagForCustomProperties" },
    { "an unsearchable field", "Exchange2013_SP1",
      FIND("<m:Restriction><t:Exists><t:FieldURI FieldURI=\"item:MimeContent\"/></t:Exists></m:Restriction>"), "ErrorUnsupportedPathForQuery" },
    { "another user's mailbox", "Exchange2013_SP1",
      "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id=\"inbox\"><t:Mailbox><t:EmailAddress>" OTHER "</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds></m:GetFolder>", "ErrorFolderNotFound" },
    { "a folder that exists, in any case", "Exchange2013_SP1",
      "<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id=\"msgfolderroot\"/></m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>posteingang</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>", "ErrorFolderExists" },
    { "deleting the inbox", "Exchange2013_SP1",
      "<m:DeleteFolder DeleteType=\"SoftDelete\"><m:FolderIds>" INBOX "</m:FolderIds></m:DeleteFolder>", "ErrorDeleteDistinguishedFolder" },
    { "no disposition", "Exchange2013_SP1",
      UPDATE("ConflictResolution=\"AlwaysOverwrite\"", SET_READ), "ErrorMessageDispositionRequired" },
    { "a mismatched update", "Exchange2013_SP1",
      UPDATE(ALWAYS, "<t:SetItemField><t:FieldURI FieldURI=\"item:Subject\"/><t:Message><t:IsRead>true</t:IsRead></t:Message></t:SetItemField>"), "ErrorUpdatePropertyMismatch" },
    { "two properties in one update", "Exchange2013_SP1",
      UPDATE(ALWAYS, "<t:SetItemField><t:FieldURI FieldURI=\"message:IsRead\"/><t:Message><t:Subject>x</t:Subject><t:IsRead>true</t:IsRead></t:Message></t:SetItemField>"), "ErrorIncorrectUpdatePropertyCount" },
    { "content that is not base64", "Exchange2013_SP1",
      CREATE("SaveOnly", "<t:MimeContent>!!!</t:MimeContent>"), "ErrorMimeContentInvalidBase64String" },
    { "content that is nothing", "Exchange2013_SP1",
      CREATE("SaveOnly", "<t:MimeContent></t:MimeContent>"), "ErrorMimeContentInvalid" },
    { "sending to nobody", "Exchange2013_SP1",
      CREATE("SendAndSaveCopy", "<t:Subject>x</t:Subject>"), "ErrorMissingRecipients" },
    { "sending to no address", "Exchange2013_SP1",
      CREATE("SendAndSaveCopy", "<t:ToRecipients><t:Mailbox><t:EmailAddress>nobody</t:EmailAddress></t:Mailbox></t:ToRecipients>"), "ErrorInvalidRecipients" },
    { "sending as the boss", "Exchange2013_SP1",
      CREATE("SendAndSaveCopy", "<t:ToRecipients><t:Mailbox><t:EmailAddress>a@b.c</t:EmailAddress></t:Mailbox></t:ToRecipients><t:From><t:Mailbox><t:EmailAddress>boss@example.com</t:EmailAddress></t:Mailbox></t:From>"), "ErrorSendAsDenied" },
    { "a folder's id for an item", "Exchange2013_SP1",
      "<m:GetItem>" SHAPE "<m:ItemIds><t:ItemId Id=\"nonsense\"/></m:ItemIds></m:GetItem>", "ErrorInvalidIdMalformed" },
    { "no configuration", "Exchange2013_SP1",
      "<m:GetUserConfiguration><m:UserConfigurationName Name=\"OWA\">" INBOX "</m:UserConfigurationName><m:UserConfigurationProperties>All</m:UserConfigurationProperties></m:GetUserConfiguration>", "ErrorItemNotFound" },
    { "a name that nobody has", "Exchange2013_SP1",
      "<m:ResolveNames ReturnFullContactData=\"true\"><m:UnresolvedEntry>zzz</m:UnresolvedEntry></m:ResolveNames>", "ErrorNameResolutionNoResults" },
    { "a name that somebody has", "Exchange2013_SP1",
      "<m:ResolveNames ReturnFullContactData=\"true\"><m:UnresolvedEntry>bert</m:UnresolvedEntry></m:ResolveNames>", "NoError" },
    { "a read flag", "Exchange2013_SP1", UPDATE(ALWAYS " SuppressReadReceipts=\"true\"", SET_READ), "NoError" },
};
/* clang-format on */

Test(soap, answers_with_the_code_that_exchange_answers_with)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *answer = ask_with(cases[i].version, "", cases[i].operation, NULL);

        cr_expect_str_eq(code_of(answer), cases[i].code, "%s: %s",
                         cases[i].name, answer);
    }
}

/* --- Versions ------------------------------------------------------------ */

static const struct {
    enum exchange_version server;
    const char *asked;
    const char *code;
} versions[] = {
    { EXCHANGE_2007_SP1, "Exchange2007_SP1", "NoError" },
    { EXCHANGE_2007_SP1, "Exchange2010", "ErrorInvalidServerVersion" },
    { EXCHANGE_2010_SP1, "Exchange2010_SP1", "NoError" },
    { EXCHANGE_2010_SP1, "Exchange2010_SP2", "ErrorInvalidServerVersion" },
    { EXCHANGE_2013_SP1, "Exchange2013_SP1", "NoError" },
    { EXCHANGE_2013_SP1, "Exchange2016", "ErrorInvalidServerVersion" },
    { EXCHANGE_2019, "Exchange2016", "NoError" },
};

Test(soap, refuses_versions_that_the_server_does_not_know)
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        char *answer;

        start(versions[i].server);
        answer = ask_with(versions[i].asked, "", FIND(""), NULL);
        cr_expect_str_eq(code_of(answer), versions[i].code, "%s",
                         versions[i].asked);
        cr_expect_not_null(strstr(answer, "<h:ServerVersionInfo MajorVersion="));
    }
}

Test(soap, refuses_a_header_given_twice)
{
    char *answer = ask_with("Exchange2013_SP1",
                            "<t:RequestServerVersion Version=\"Exchange2010\"/>",
                            FIND(""), NULL);

    cr_expect_str_eq(code_of(answer), "ErrorDuplicateSOAPHeader");
}

/* --- What is shown ------------------------------------------------------- */

static const char *const shapes[] = { "IdOnly", "Default", "AllProperties" };

Test(soap, shows_items_and_folders_in_every_shape_by_the_schema)
{
    static const char *const asked[] = { "Exchange2007_SP1", "Exchange2010_SP2",
                                         "Exchange2013_SP1", "Exchange2016" };

    for (size_t v = 0; v < sizeof asked / sizeof *asked; v++)
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
            const char *s = shapes[i];

            ask_with(asked[v], "",
                     arena_printf(t.arena,
                                  "<m:GetItem><m:ItemShape><t:BaseShape>%s</t:BaseShape>"
                                  "<t:IncludeMimeContent>true</t:IncludeMimeContent>"
                                  "</m:ItemShape><m:ItemIds><t:ItemId {id}/></m:ItemIds>"
                                  "</m:GetItem>", s), NULL);
            ask_with(asked[v], "",
                     arena_printf(t.arena,
                                  "<m:FindItem Traversal=\"Shallow\"><m:ItemShape>"
                                  "<t:BaseShape>%s</t:BaseShape></m:ItemShape>"
                                  "<m:ParentFolderIds>" INBOX "</m:ParentFolderIds>"
                                  "</m:FindItem>", s), NULL);
            ask_with(asked[v], "",
                     arena_printf(t.arena,
                                  "<m:FindFolder Traversal=\"Deep\"><m:FolderShape>"
                                  "<t:BaseShape>%s</t:BaseShape></m:FolderShape>"
                                  "<m:ParentFolderIds><t:DistinguishedFolderId Id=\"root\"/>"
                                  "</m:ParentFolderIds></m:FindFolder>", s), NULL);
            ask_with(asked[v], "",
                     arena_printf(t.arena,
                                  "<m:SyncFolderHierarchy><m:FolderShape>"
                                  "<t:BaseShape>%s</t:BaseShape></m:FolderShape>"
                                  "</m:SyncFolderHierarchy>", s), NULL);
        }
}

Test(soap, gives_the_very_octets_of_a_message)
{
    char *answer = ask("<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>"
                       "<t:IncludeMimeContent>true</t:IncludeMimeContent></m:ItemShape>"
                       "<m:ItemIds><t:ItemId {id}/></m:ItemIds></m:GetItem>");
    char *coded = between(answer, "<t:MimeContent CharacterSet=\"UTF-8\">", "<");
    size_t len;

    cr_expect_str_eq(base64_decode(t.arena, coded, strlen(coded), &len),
                     MESSAGE);
}

Test(soap, shows_extended_properties_with_their_tags_in_lower_case)
{
    char *answer = ask(
        "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>"
        "<t:AdditionalProperties>"
        "<t:ExtendedFieldURI PropertyTag=\"0x0E23\" PropertyType=\"Integer\"/>"
        "<t:ExtendedFieldURI PropertyTag=\"0x007D\" PropertyType=\"String\"/>"
        "<t:ExtendedFieldURI PropertyTag=\"0x300B\" PropertyType=\"Binary\"/>"
        "<t:ExtendedFieldURI DistinguishedPropertySetId=\"Common\" PropertyId=\"34160\""
        " PropertyType=\"Integer\"/></t:AdditionalProperties></m:ItemShape>"
        "<m:ItemIds><t:ItemId {id}/></m:ItemIds></m:GetItem>");

    cr_expect_not_null(strstr(answer,
                              "PropertyTag=\"0xe23\" PropertyType=\"Integer\"/>"
                              "<t:Value>1</t:Value>"));
    cr_expect_not_null(strstr(answer, "0x7d"));
    cr_expect_not_null(strstr(answer, "0x300b"));
    cr_expect_null(strstr(answer, "34160"), "what is absent is not shown");
}

Test(soap, keeps_no_transport_header_for_what_was_stored)
{
    char *answer = ask(CREATE("SaveOnly", "<t:MimeContent>RnJvbTogYUBiLmMNCg0KeA==</t:MimeContent>"));

    t.item = between(answer, "ItemId Id=\"", "\"");
    answer = ask("<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>"
                 "<t:AdditionalProperties><t:ExtendedFieldURI PropertyTag=\"0x007D\""
                 " PropertyType=\"String\"/><t:FieldURI FieldURI=\"item:IsDraft\"/>"
                 "</t:AdditionalProperties></m:ItemShape>"
                 "<m:ItemIds><t:ItemId {id}/></m:ItemIds></m:GetItem>");
    cr_expect_null(strstr(answer, "0x7d"));
    cr_expect_not_null(strstr(answer, "<t:IsDraft>true</t:IsDraft>"));
}

/* --- Searching ----------------------------------------------------------- */

#define PATH(uri) "<t:FieldURI FieldURI=\"" uri "\"/>"
#define TAG(tag, type) "<t:ExtendedFieldURI PropertyTag=\"" tag "\" PropertyType=\"" type "\"/>"
#define CONSTANT(value) \
    "<t:FieldURIOrConstant><t:Constant Value=\"" value "\"/></t:FieldURIOrConstant>"
#define CONTAINS(mode, how, uri, value) \
    "<t:Contains ContainmentMode=\"" mode "\" ContainmentComparison=\"" how "\">" \
    PATH(uri) "<t:Constant Value=\"" value "\"/></t:Contains>"

/* clang-format off */
static const struct {
    const char *expression;
    bool found;
} searches[] = {
    { CONTAINS("Substring", "IgnoreCase", "item:Subject", "HELLO \303\204"), true },
    { CONTAINS("Substring", "Exact", "item:Subject", "hello"), false },
    { CONTAINS("FullString", "Exact", "item:Subject", "Hello"), false },
    { CONTAINS("Prefixed", "Exact", "item:Subject", "Hell"), true },
    { CONTAINS("PrefixOnWords", "IgnoreCase", "item:Body", "wor"), true },
    { CONTAINS("ExactPhrase", "IgnoreCase", "item:Body", "wor"), false },
    { CONTAINS("ExactPhrase", "IgnoreCase", "item:Body", "words"), true },
    { CONTAINS("Substring", "IgnoreCase", "message:From", "bob@"), true },
    { "<t:IsEqualTo>" PATH("message:IsRead") CONSTANT("false") "</t:IsEqualTo>", true },
    { "<t:IsEqualTo>" TAG("0x0E07", "Integer") CONSTANT("16") "</t:IsEqualTo>", true },
    { "<t:Excludes>" TAG("0x0E07", "Integer") "<t:Bitmask Value=\"8\"/></t:Excludes>", true },
    { "<t:Excludes>" TAG("0x0E07", "Integer") "<t:Bitmask Value=\"0x10\"/></t:Excludes>", false },
    { "<t:Exists>" TAG("0x1090", "Integer") "</t:Exists>", false },
    { "<t:IsNotEqualTo>" TAG("0x1090", "Integer") CONSTANT("2") "</t:IsNotEqualTo>", false },
    { "<t:Not><t:Exists>" TAG("0x1090", "Integer") "</t:Exists></t:Not>", true },
    { "<t:IsGreaterThan>" PATH("item:Size") CONSTANT("9") "</t:IsGreaterThan>", true },
    { "<t:IsLessThan>" PATH("item:DateTimeReceived") CONSTANT("2024-01-01T10:00:01Z") "</t:IsLessThan>", true },
    { "<t:IsGreaterThanOrEqualTo>" PATH("item:DateTimeReceived") CONSTANT("2024-01-01T11:00:00+01:00") "</t:IsGreaterThanOrEqualTo>", true },
    { "<t:And><t:Exists>" PATH("item:Subject") "</t:Exists><t:Exists>" TAG("0x1090", "Integer") "</t:Exists></t:And>", false },
    { "<t:Or><t:Exists>" PATH("item:Subject") "</t:Exists><t:Exists>" TAG("0x1090", "Integer") "</t:Exists></t:Or>", true },
};
/* clang-format on */

Test(soap, searches_as_exchange_does)
{
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        char *answer = ask(arena_printf(
            t.arena, FIND("<m:Restriction>%s</m:Restriction>"), searches[i].expression));

        cr_expect_eq(strstr(answer, "<t:ItemId ") != NULL, searches[i].found, "%s",
                     searches[i].expression);
    }
}

Test(soap, pages_with_at_most_a_thousand)
{
    char *answer;

    exchange_fill(t.exchange, USER, NULL, 1500);
    answer = ask(FIND(""));
    cr_expect_not_null(strstr(answer,
                              "IndexedPagingOffset=\"1000\" TotalItemsInView="
                              "\"1501\" IncludesLastItemInRange=\"false\""));
    answer = ask(FIND("<m:IndexedPageItemView MaxEntriesReturned=\"2000\" Offset=\"1000\""
                      " BasePoint=\"Beginning\"/>"));
    cr_expect_not_null(strstr(answer, "IncludesLastItemInRange=\"true\""));
}

/* --- Changing ------------------------------------------------------------ */

#define COLUMNS \
    "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>" \
    PATH("message:IsRead") PATH("item:Categories") PATH("item:Subject") \
    TAG("0x1090", "Integer") TAG("0x0E23", "Integer") \
    "</t:AdditionalProperties></m:ItemShape><m:ItemIds><t:ItemId {id}/></m:ItemIds>" \
    "</m:GetItem>"

Test(soap, changes_the_key_with_every_update_and_the_number_with_most)
{
    char *before = t.key;
    char *answer = ask(UPDATE(ALWAYS, SET_READ));

    refresh_key();
    cr_expect_str_neq(before, t.key);
    cr_expect_not_null(strstr(ask(COLUMNS), "<t:Value>1</t:Value>"), "the number stays");
    answer = ask(UPDATE(ALWAYS, "<t:SetItemField>" PATH("item:Categories")
                        "<t:Message><t:Categories><t:String>R\303\266t &amp; gut</t:String>"
                        "</t:Categories></t:Message></t:SetItemField><t:SetItemField>"
                        TAG("0x1090", "Integer") "<t:Message><t:ExtendedProperty>"
                        TAG("0x1090", "Integer") "<t:Value>2</t:Value>"
                        "</t:ExtendedProperty></t:Message></t:SetItemField>"));
    cr_expect_str_eq(code_of(answer), "NoError");
    answer = ask(COLUMNS);
    cr_expect_not_null(strstr(answer, "<t:String>R\303\266t &amp; gut</t:String>"));
    cr_expect_not_null(strstr(answer, "0xe23\" PropertyType=\"Integer\"/><t:Value>2<"));
    cr_expect_str_eq(code_of(ask(UPDATE("ConflictResolution=\"NeverOverwrite\""
                                        " MessageDisposition=\"SaveOnly\"",
                                        SET_READ))),
                     "ErrorIrresolvableConflict");
}

Test(soap, rewrites_the_header_of_a_changed_subject)
{
    char *content;
    size_t len;

    cr_expect_str_eq(code_of(ask(UPDATE(ALWAYS, "<t:SetItemField>" PATH("item:Subject")
                                        "<t:Message><t:Subject>New</t:Subject></t:Message>"
                                        "</t:SetItemField>"))),
                     "NoError");
    content = exchange_content(t.exchange, USER, NULL, 0, &len);
    cr_expect_not_null(strstr(content, "Subject: New\r\n"));
    cr_expect_null(strstr(content, "Hello"));
    cr_expect_not_null(strstr(content, "UERG"));
    free(content);
}

Test(soap, gives_new_ids_for_what_moves)
{
    char *answer = ask("<m:MoveItem><m:ToFolderId><t:DistinguishedFolderId"
                       " Id=\"junkemail\"/></m:ToFolderId><m:ItemIds><t:ItemId {id}/>"
                       "</m:ItemIds></m:MoveItem>");
    char *id = between(answer, "ItemId Id=\"", "\"");

    cr_expect_str_neq(id, t.item);
    cr_expect_str_eq(code_of(ask(COLUMNS)), "ErrorItemNotFound");
    cr_expect_eq(exchange_count(t.exchange, USER, "junkemail"), 1);
    t.item = id;
    ask("<m:DeleteItem DeleteType=\"SoftDelete\"><m:ItemIds><t:ItemId {id}/></m:ItemIds>"
        "</m:DeleteItem>");
    cr_expect_eq(exchange_count(t.exchange, USER, "junkemail"), 0);
    cr_expect_eq(exchange_count(t.exchange, USER, "recoverableitemsdeletions"),
                 1);
}

Test(soap, tells_each_change_once)
{
    char *state = between(ask(SYNC(INBOX, MAX("512"))), "<m:SyncState>", "<");
    char *operation = arena_printf(
        t.arena, SYNC(INBOX, "<m:SyncState>%s</m:SyncState>" MAX("512")), state);
    char *answer;

    cr_expect_null(strstr(ask(operation), "<t:ItemId"));
    exchange_mark_read(t.exchange, USER, NULL, 0, true);
    cr_expect_not_null(strstr(ask(operation), "<t:ReadFlagChange>"));
    exchange_remove(t.exchange, USER, NULL, 0);
    answer = ask(operation);
    cr_expect_not_null(strstr(answer, "<t:Delete>"));
    cr_expect_null(strstr(answer, "<t:ReadFlagChange>"));
}

/* --- Sending ------------------------------------------------------------- */

Test(soap, sends_with_bcc_that_only_the_sender_sees)
{
    char *answer = ask(CREATE("SendAndSaveCopy",
                              "<t:Subject>Hi</t:Subject><t:Body BodyType=\"Text\">Body"
                              "</t:Body><t:ToRecipients><t:Mailbox><t:EmailAddress>"
                              "far@example.net</t:EmailAddress></t:Mailbox></t:ToRecipients>"
                              "<t:BccRecipients><t:Mailbox><t:EmailAddress>" OTHER
                              "</t:EmailAddress></t:Mailbox></t:BccRecipients>"));
    size_t len;
    char *got = exchange_content(t.exchange, OTHER, NULL, 0, &len);
    char *kept = exchange_content(t.exchange, USER, "sentitems", 0, &len);

    cr_expect_str_eq(code_of(answer), "NoError");
    cr_assert_not_null(got);
    cr_assert_not_null(kept);
    cr_expect_null(strcasestr(got, "bcc:"));
    cr_expect_not_null(strcasestr(kept, "bcc:"));
    cr_expect_eq(strncmp(got, "Received:", 9), 0);
    free(got);
    free(kept);
}

#define ASKING \
    "From: bert@example.com\r\nTo: ann@example.com\r\nSubject: Seen?\r\n" \
    "Disposition-Notification-To: bert@example.com\r\n\r\nx\r\n"

static const struct {
    const char *version;
    const char *operation;
    size_t receipts;
} readings[] = {
    { "Exchange2013_SP1", UPDATE(ALWAYS, SET_READ), 1 },
    { "Exchange2013_SP1",
      UPDATE(ALWAYS " SuppressReadReceipts=\"true\"", SET_READ), 0 },
    { "Exchange2007_SP1", UPDATE(ALWAYS, SET_READ), 1 },
    { "Exchange2007_SP1",
      "<m:CreateItem MessageDisposition=\"SendOnly\"><m:Items>"
      "<t:SuppressReadReceipt><t:ReferenceItemId {item}/>"
      "</t:SuppressReadReceipt></m:Items></m:CreateItem>", 0 },
};

Test(soap, tells_the_sender_what_was_read_unless_that_is_suppressed)
{
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        size_t before = exchange_count(t.exchange, OTHER, NULL);

        t.item = exchange_add_message(t.exchange, USER, NULL, ASKING,
                                      strlen(ASKING), 1704103200, false);
        refresh_key();
        cr_expect_str_eq(code_of(ask_with(readings[i].version, "",
                                          readings[i].operation, NULL)),
                         "NoError");
        ask(UPDATE(ALWAYS " SuppressReadReceipts=\"true\"", SET_READ));
        cr_expect_eq(exchange_count(t.exchange, OTHER, NULL) - before,
                     readings[i].receipts, "%zu", i);
    }
}

/* --- What content becomes ------------------------------------------------ */

static const char invitation[] =
    "From: ann@example.com\r\nTo: bert@example.com\r\nSubject: Meet\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n"
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n";

Test(soap, makes_meeting_requests_of_invitations)
{
    char *coded =
        arena_alloc(t.arena, base64_encoded_size(sizeof invitation) + 1);

    base64_encode(invitation, sizeof invitation - 1, coded);
    cr_expect_not_null(strstr(ask(arena_printf(t.arena,
                                               CREATE("SaveOnly", "<t:MimeContent>%s"
                                                      "</t:MimeContent>"), coded)),
                              "<t:MeetingRequest>"));
}

static const char receipt[] =
    "From: ann@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report;"
    " report-type=disposition-notification; boundary=b\r\n\r\n--b--\r\n";

Test(soap, wants_receipts_to_be_called_that)
{
    char *coded = arena_alloc(t.arena, base64_encoded_size(sizeof receipt) + 1);

    base64_encode(receipt, sizeof receipt - 1, coded);
    cr_expect_str_eq(code_of(ask(arena_printf(t.arena,
                                              CREATE("SaveOnly", "<t:MimeContent>%s"
                                                     "</t:MimeContent>"), coded))),
                     "ErrorObjectTypeChanged");
    cr_expect_str_eq(code_of(ask(arena_printf(
                         t.arena,
                         CREATE("SaveOnly", "<t:MimeContent>%s</t:MimeContent>"
                                "<t:ItemClass>REPORT.IPM.Note.IPNRN</t:ItemClass>"),
                         coded))),
                     "NoError");
}

#define CONTENT \
    "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>" \
    "<t:IncludeMimeContent>true</t:IncludeMimeContent></m:ItemShape>" \
    "<m:ItemIds><t:ItemId {id}/></m:ItemIds></m:GetItem>"

Test(soap, renders_differently_each_time_when_told_to)
{
    char *once;
    char *twice;

    cr_expect_str_eq(ask(CONTENT), ask(CONTENT));
    exchange_set_rerender(t.exchange, true);
    once = ask(CONTENT);
    twice = ask(CONTENT);
    cr_expect_str_neq(once, twice);
    cr_expect_neq(strlen(once), strlen(twice));
}

Test(soap, sends_as_those_whom_it_may_send_as)
{
    static const char from_boss[] = CREATE(
        "SendAndSaveCopy",
        "<t:ToRecipients><t:Mailbox><t:EmailAddress>" OTHER "</t:EmailAddress>"
        "</t:Mailbox></t:ToRecipients><t:From><t:Mailbox><t:EmailAddress>"
        "boss@example.com</t:EmailAddress></t:Mailbox></t:From>");

    cr_expect_str_eq(code_of(ask(from_boss)), "ErrorSendAsDenied");
    exchange_allow_send_as(t.exchange, USER, "boss@example.com");
    cr_expect_str_eq(code_of(ask(from_boss)), "NoError");
    cr_expect_eq(exchange_count(t.exchange, OTHER, NULL), 1);
}

Test(soap, does_not_sync_folders_that_cannot_be_synced)
{
    exchange_set_unsyncable(t.exchange, USER, NULL);
    cr_expect_str_eq(code_of(ask(SYNC(INBOX, MAX("512")))),
                     "ErrorInvalidFolderTypeForOperation");
    cr_expect_str_eq(code_of(ask(FIND(""))), "NoError");
}

Test(soap, keeps_limits_and_quota)
{
    exchange_set_message_limit(t.exchange, 10);
    cr_expect_str_eq(code_of(ask(CREATE("SaveOnly", "<t:Subject>x</t:Subject>"))),
                     "ErrorMessageSizeExceeded");
    exchange_set_message_limit(t.exchange, 0);
    exchange_set_quota(t.exchange, 10);
    cr_expect_str_eq(code_of(ask(CREATE("SaveOnly", "<t:Subject>x</t:Subject>"))),
                     "ErrorQuotaExceeded");
}

/* --- Faults -------------------------------------------------------------- */

#define THREE \
    "<m:GetItem>" SHAPE "<m:ItemIds><t:ItemId {id}/><t:ItemId {id}/><t:ItemId {id}/>" \
    "</m:ItemIds></m:GetItem>"

static const struct {
    struct exchange_fault_rule rule;
    const char *last;     /* the code of the third item */
} faults[] = {
    { { .fault = FAULT_ITEM_TRANSIENT }, "ErrorInternalServerTransientError" },
    { { .fault = FAULT_ITEM_CORRUPT, .parameter = 2 }, "ErrorItemCorrupt" },
    { { .fault = FAULT_BATCH_STOPPED, .parameter = 2 },
      "ErrorBatchProcessingStopped" },
    { { .fault = FAULT_RESPONSE_CODE, .code = "ErrorMailboxMoveInProgress" },
      "ErrorMailboxMoveInProgress" },
    { { .fault = FAULT_SERVER_BUSY_INNER, .parameter = 300 },
      "ErrorServerBusy" },
};

Test(soap, fails_single_items_when_told_to)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char *answer = ask_with("Exchange2013_SP1", "", THREE, &faults[i].rule);
        char *last = NULL;

        for (char *at = answer; (at = strstr(at, "<m:ResponseCode>")) != NULL; at++)
            last = at;
        cr_assert_not_null(last);
        cr_expect_str_eq(code_of(last), faults[i].last);
    }
}

Test(soap, tells_how_long_to_stay_away)
{
    struct exchange_fault_rule busy = { .fault = FAULT_SERVER_BUSY,
                                        .parameter = 300 };
    char *answer = ask_with("Exchange2013_SP1", "", FIND(""), &busy);

    cr_expect_str_eq(code_of(answer), "ErrorServerBusy");
    cr_expect_not_null(
        strstr(answer, "<t:Value Name=\"BackOffMilliseconds\">300</t:Value>"));
}

/* --- Examples of real requests ------------------------------------------- */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    struct buf text;
    size_t got;

    buf_init(&text, t.arena);
    cr_assert_not_null(file);
    while ((got = fread(buf_reserve(&text, 4096), 1, 4096, file)) > 0)
        text.len += got;
    buf_putc(&text, '\0');
    fclose(file);
    return text.data;
}

/* Namespaces that the schema has not, a fourth mail
 * address where there are three, elements that nobody knows. */
static bool is_slip(const char *example)
{
    static const char *const slips[] = { "GetStreamingEvents-1.xml",
                                         "UpdateItem-2.xml",
                                         "GetUserAvailabilityRequest-1.xml",
                                         "GetUserAvailabilityRequest-3.xml",
                                         "ExpandDL-2.xml" };

    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
        if (str_equal(example, slips[i]))
            return true;
    return false;
}

Test(soap, takes_every_example_request_of_what_it_knows)
{
    char *folder = arena_printf(t.arena, "%s/ews-samples", shared_folder());
    DIR *directory = opendir(folder);
    struct dirent *entry;
    size_t checked = 0;

    if (directory == NULL)
        cr_skip_test("no examples here");
    while ((entry = readdir(directory)) != NULL) {
        struct schema_violation violation;
        struct node *envelope;
        const struct node *body;
        char *text;

        if (entry->d_name[0] == '.' || is_slip(entry->d_name))
            continue;
        text = read_file(arena_printf(t.arena, "%s/%s", folder, entry->d_name));
        envelope = node_parse(t.arena, text, strlen(text));
        body = node_child(envelope, "Body");
        if (body == NULL || body->children == NULL ||
            !schema_knows(body->children->name, SCHEMA_2016))
            continue;
        checked++;
        cr_expect(
            schema_check(t.arena, body->children, SCHEMA_2016, &violation),
            "%s: %s", entry->d_name, violation.text);
    }
    closedir(directory);
    cr_expect_gt(checked, 20);
}
