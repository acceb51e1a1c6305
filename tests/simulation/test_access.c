/*
 * test_access.c - who may do what in whose folders of the simulated Exchange
 */
#include "tests/exchange/exchange.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/str.h"
#include "tests/simulation/asking.h"

#define OWNER "ann@example.com"
#define GUEST "bert@example.com"
#define MAIL "From: Bob <bob@example.org>\r\nSubject: Hello\r\n\r\nText.\r\n"

static struct asking t;
static const char *item;

static void start(enum exchange_version version)
{
    asking_restart(&t, version);
    exchange_add_user(t.exchange, OWNER, "Ann", "secret", "en");
    exchange_add_user(t.exchange, GUEST, "Bert", "secret", "en");
    item = exchange_add_message(t.exchange, OWNER, NULL, MAIL, strlen(MAIL),
                                1704103200, false);
}

static void set_up(void)
{
    asking_begin(&t, EXCHANGE_2016);
    start(EXCHANGE_2016);
}

static void tear_down(void)
{
    asking_end(&t);
}

TestSuite(access, .init = set_up, .fini = tear_down, .timeout = 600);

static char *ask(const char *user, const char *operation)
{
    return asking_ask(&t, user, "Exchange2010_SP1", "", operation, NULL, NULL);
}

static char *code_for(const char *user, const char *operation)
{
    return asking_code(&t, ask(user, operation));
}

/* --- Permission sets ----------------------------------------------------- */

#define SHAPE(paths) \
    "<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>" paths \
    "</t:AdditionalProperties></m:FolderShape>"
#define FIELD(uri) "<t:FieldURI FieldURI=\"folder:" uri "\"/>"
#define ID(id) "<t:DistinguishedFolderId Id=\"" id "\"/>"
#define ANNS(id) \
    "<t:DistinguishedFolderId Id=\"" id "\"><t:Mailbox><t:EmailAddress>" OWNER \
    "</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>"
#define GET(field, id) "<m:GetFolder>" SHAPE(FIELD(field)) "<m:FolderIds>" id "</m:FolderIds></m:GetFolder>"
#define UPDATE(id, element, set) \
    "<m:UpdateFolder><m:FolderChanges><t:FolderChange>" id "<t:Updates><t:SetFolderField>" \
    FIELD("PermissionSet") "<t:" element "><t:PermissionSet>" set "</t:PermissionSet></t:" element \
    "></t:SetFolderField></t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>"
#define FOR(who, rest) "<t:Permission><t:UserId>" who "</t:UserId>" rest "</t:Permission>"
#define DEFAULT "<t:DistinguishedUser>Default</t:DistinguishedUser>"
#define BERT "<t:PrimarySmtpAddress>" GUEST "</t:PrimarySmtpAddress>"
#define LEVEL(level) "<t:PermissionLevel>" level "</t:PermissionLevel>"
#define CALENDAR_LEVEL(level) "<t:CalendarPermissionLevel>" level "</t:CalendarPermissionLevel>"

/* clang-format off */
static const struct {
    const char *name;
    const char *operation;
    const char *code;
} sets[] = {
    { "a level", UPDATE(ID("inbox"), "Folder", "<t:Permissions>" FOR(BERT, LEVEL("Reviewer")) "</t:Permissions>"), "NoError" },
    { "single rights", UPDATE(ID("inbox"), "Folder", "<t:Permissions>" FOR(BERT, "<t:CanCreateItems>true</t:CanCreateItems><t:IsFolderVisible>true</t:IsFolderVisible><t:ReadItems>FullDetails</t:ReadItems>" LEVEL("Custom")) "</t:Permissions>"), "NoError" },
    { "a level and single rights", UPDATE(ID("inbox"), "Folder", "<t:Permissions>" FOR(BERT, "<t:CanCreateItems>true</t:CanCreateItems>" LEVEL("Author")) "</t:Permissions>"), "ErrorInvalidPermissionSettings" },
    { "Custom alone", UPDATE(ID("inbox"), "Folder", "<t:Permissions>" FOR(BERT, LEVEL("Custom")) "</t:Permissions>"), "ErrorInvalidPermissionSettings" },
    { "somebody twice", UPDATE(ID("inbox"), "Folder", "<t:Permissions>" FOR(BERT, LEVEL("Author")) FOR(BERT, LEVEL("Editor")) "</t:Permissions>"), "ErrorDuplicateUserIdsSpecified" },
    { "nobody known", UPDATE(ID("inbox"), "Folder", "<t:Permissions>" FOR("<t:PrimarySmtpAddress>x@y.example</t:PrimarySmtpAddress>", LEVEL("Author")) "</t:Permissions>"), "ErrorInvalidUserInfo" },
    { "nobody at all", UPDATE(ID("inbox"), "Folder", "<t:Permissions>" FOR("", LEVEL("Author")) "</t:Permissions>"), "ErrorInvalidUserInfo" },
    { "entries of nobody known", UPDATE(ID("inbox"), "Folder", "<t:Permissions/><t:UnknownEntries><t:UnknownEntry>x</t:UnknownEntry></t:UnknownEntries>"), "ErrorCannotSetPermissionUnknownEntries" },
    { "a calendar's for the inbox", UPDATE(ID("inbox"), "CalendarFolder", "<t:CalendarPermissions/>"), "ErrorCannotSetCalendarPermissionOnNonCalendarFolder" },
    { "the inbox's for a calendar", UPDATE(ID("calendar"), "Folder", "<t:Permissions/>"), "ErrorCannotSetNonCalendarPermissionOnCalendarFolder" },
    { "a calendar's", UPDATE(ID("calendar"), "CalendarFolder", "<t:CalendarPermissions><t:CalendarPermission><t:UserId>" DEFAULT "</t:UserId>" CALENDAR_LEVEL("FreeBusyTimeAndSubjectAndLocation") "</t:CalendarPermission></t:CalendarPermissions>"), "NoError" },
    { "free/busy for the inbox", UPDATE(ID("inbox"), "Folder", "<t:Permissions>" FOR(BERT, LEVEL("FreeBusyTimeOnly")) "</t:Permissions>"), "ErrorSchemaValidation" },
    { "no level", UPDATE(ID("inbox"), "Folder", "<t:Permissions>" FOR(BERT, "") "</t:Permissions>"), "ErrorSchemaValidation" },
};
/* clang-format on */

Test(access, takes_and_refuses_sets_of_permissions_as_exchange_does)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        char *answer;

        start(EXCHANGE_2016);
        answer = ask(OWNER, sets[i].operation);
        cr_expect_str_eq(asking_code(&t, answer), sets[i].code, "%s: %s",
                         sets[i].name, answer);
    }
}

Test(access, shows_a_set_as_it_was_given)
{
    char *answer;

    ask(OWNER, UPDATE(ID("inbox"), "Folder",
                      "<t:Permissions>" FOR(BERT, LEVEL("PublishingAuthor"))
                      "</t:Permissions>"));
    answer = ask(OWNER, GET("PermissionSet", ID("inbox")));
    cr_expect_eq(asking_times(answer, "<t:Permission>"), 3, "%s", answer);
    answer = strstr(answer, GUEST);
    cr_assert_not_null(answer);
    cr_expect_not_null(strstr(answer, "<t:EditItems>Owned</t:EditItems>"));
    cr_expect_not_null(strstr(answer, LEVEL("PublishingAuthor")));
    exchange_grant(t.exchange, OWNER, "INBOX", "S-1-5-21-9", "Editor");
    answer = ask(OWNER, GET("PermissionSet", ID("inbox")));
    cr_expect_not_null(strstr(answer, "<t:UnknownEntry>S-1-5-21-9<"));
    cr_expect_not_null(strstr(ask(OWNER, GET("PermissionSet", ID("calendar"))),
                              CALENDAR_LEVEL("FreeBusyTimeOnly")));
}

Test(access, shows_a_set_to_owners_only)
{
    exchange_grant(t.exchange, OWNER, "INBOX", GUEST, "Editor");
    cr_expect_null(strstr(ask(GUEST, GET("PermissionSet", ANNS("inbox"))),
                          "<t:PermissionSet>"));
    exchange_grant(t.exchange, OWNER, "INBOX", GUEST, "Owner");
    cr_expect_not_null(strstr(ask(GUEST, GET("PermissionSet", ANNS("inbox"))),
                              "<t:PermissionSet>"));
}

Test(access, hands_permissions_down_to_new_folders)
{
    exchange_grant(t.exchange, OWNER, "INBOX", GUEST, "Reviewer");
    ask(OWNER, "<m:CreateFolder><m:ParentFolderId>" ID("inbox")
               "</m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>New"
               "</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>");
    cr_expect_eq(
        asking_times(ask(GUEST, "<m:FindFolder Traversal=\"Shallow\">"
                                SHAPE(FIELD("DisplayName"))
                                "<m:ParentFolderIds>" ANNS("inbox")
                                "</m:ParentFolderIds></m:FindFolder>"),
                     "<t:DisplayName>New<"),
        1);
}

/* --- What a guest may do ------------------------------------------------- */

#define FIND_ITEM \
    "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>" \
    "<m:ParentFolderIds>" ANNS("inbox") "</m:ParentFolderIds></m:FindItem>"
#define SYNC_ITEMS \
    "<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>" \
    ANNS("inbox") "</m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>"
#define GET_ITEM \
    "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ItemIds>" \
    "<t:ItemId Id=\"%s\"/></m:ItemIds></m:GetItem>"
#define CREATE_ITEM \
    "<m:CreateItem MessageDisposition=\"SaveOnly\"><m:SavedItemFolderId>" ANNS("inbox") \
    "</m:SavedItemFolderId><m:Items><t:Message><t:Subject>x</t:Subject></t:Message></m:Items></m:CreateItem>"
#define MARK_READ \
    "<m:UpdateItem ConflictResolution=\"AlwaysOverwrite\" MessageDisposition=\"SaveOnly\"><m:ItemChanges>" \
    "<t:ItemChange><t:ItemId Id=\"%s\"/><t:Updates><t:SetItemField><t:FieldURI FieldURI=\"message:IsRead\"/>" \
    "<t:Message><t:IsRead>true</t:IsRead></t:Message></t:SetItemField></t:Updates></t:ItemChange>" \
    "</m:ItemChanges></m:UpdateItem>"
#define DELETE_ITEM "<m:DeleteItem DeleteType=\"HardDelete\"><m:ItemIds><t:ItemId Id=\"%s\"/></m:ItemIds></m:DeleteItem>"
#define COPY_ITEM \
    "<m:CopyItem><m:ToFolderId>" ID("inbox") "</m:ToFolderId><m:ItemIds><t:ItemId Id=\"%s\"/></m:ItemIds></m:CopyItem>"
#define CREATE_FOLDER \
    "<m:CreateFolder><m:ParentFolderId>" ANNS("inbox") "</m:ParentFolderId><m:Folders><t:Folder>" \
    "<t:DisplayName>x</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>"
#define SUBSCRIBE \
    "<m:Subscribe><m:PullSubscriptionRequest><t:FolderIds>" ANNS("inbox") "</t:FolderIds><t:EventTypes>" \
    "<t:EventType>NewMailEvent</t:EventType></t:EventTypes><t:Timeout>1</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>"

#define OK "NoError"
#define GONE "ErrorFolderNotFound"
#define LOST "ErrorItemNotFound"
#define DENIED "ErrorAccessDenied"
#define UNCREATED "ErrorCreateItemAccessDenied"

/* clang-format off */
static const struct {
    const char *name;
    const char *operation;
    const char *codes[6];     /* by the level below */
} doings[] = {                                       /* None,  Contributor, Reviewer, Author, Editor, Owner */
    { "seeing it",          GET("DisplayName", ANNS("inbox")), { GONE, OK,     OK,        OK,     OK,     OK } },
    { "listing",            FIND_ITEM,               { GONE, DENIED, OK,        OK,     OK,     OK } },
    { "syncing",            SYNC_ITEMS,              { "ErrorSyncFolderNotFound", DENIED, OK, OK, OK, OK } },
    { "reading",            GET_ITEM,                { LOST, DENIED, OK,        OK,     OK,     OK } },
    { "adding",             CREATE_ITEM,             { "ErrorSavedItemFolderNotFound", OK, UNCREATED, OK, OK, OK } },
    { "marking as read",    MARK_READ,               { LOST, DENIED, DENIED,    DENIED, OK,     OK } },
    { "copying from there", COPY_ITEM,               { LOST, DENIED, OK,        OK,     OK,     OK } },
    { "being told",         SUBSCRIBE,               { GONE, DENIED, OK,        OK,     OK,     OK } },
    { "a folder below",     CREATE_FOLDER,           { GONE, DENIED, DENIED,    DENIED, DENIED, OK } },
    { "deleting",           DELETE_ITEM,             { LOST, DENIED, DENIED,    DENIED, OK,     OK } },
};
/* clang-format on */

static const char *const levels[] = { "None",   "Contributor", "Reviewer",
                                      "Author", "Editor",      "Owner" };

Test(access, lets_a_guest_do_what_his_level_allows)
{
    for (size_t level = 0; level < 6; level++)
        for (size_t i = 0; i < sizeof doings / sizeof *doings; i++) {
            char *code;

            start(EXCHANGE_2016);
            exchange_grant(t.exchange, OWNER, "INBOX", GUEST, levels[level]);
            code = code_for(GUEST, arena_printf(t.arena, doings[i].operation,
                                                item));
            cr_expect_str_eq(code, doings[i].codes[level], "%s as %s: %s",
                             doings[i].name, levels[level], code);
        }
}

Test(access, lets_an_author_change_what_he_has_made)
{
    char *own;

    exchange_grant(t.exchange, OWNER, "INBOX", GUEST, "Author");
    own = asking_between(&t, ask(GUEST, CREATE_ITEM), "<t:ItemId Id=\"", "\"");
    cr_expect_str_eq(code_for(GUEST, arena_printf(t.arena, MARK_READ, own)),
                     "NoError");
    cr_expect_str_eq(code_for(GUEST, arena_printf(t.arena, DELETE_ITEM, own)),
                     "NoError");
}

Test(access, tells_a_guest_what_he_may_do)
{
    char *answer;

    exchange_grant(t.exchange, OWNER, "INBOX", GUEST, "Author");
    answer = ask(GUEST, GET("EffectiveRights", ANNS("inbox")));
    cr_expect_not_null(strstr(answer, "<t:CreateContents>true<"));
    cr_expect_not_null(strstr(answer, "<t:CreateHierarchy>false<"));
    cr_expect_not_null(strstr(answer, "<t:Delete>false<"));
    cr_expect_not_null(strstr(answer, "<t:Read>true<"));
    cr_expect_not_null(strstr(answer, "<t:ViewPrivateItems>false<"));
    answer = ask(OWNER, GET("EffectiveRights", ID("inbox")));
    cr_expect_eq(asking_times(answer, ">true<"), 7, "%s", answer);
}

#define TREE(id) \
    "<m:FindFolder Traversal=\"Deep\">" SHAPE(FIELD("DisplayName")) "<m:ParentFolderIds>" ANNS(id) \
    "</m:ParentFolderIds></m:FindFolder>"

Test(access, opens_a_whole_mailbox)
{
    cr_expect_str_eq(code_for(GUEST, TREE("msgfolderroot")),
                     "ErrorFolderNotFound");
    exchange_grant(t.exchange, OWNER, "INBOX", GUEST, "Editor");
    cr_expect_str_eq(code_for(GUEST, TREE("msgfolderroot")),
                     "ErrorFolderNotFound");
    exchange_grant(t.exchange, OWNER, NULL, GUEST, "Owner");
    cr_expect_not_null(strstr(ask(GUEST, TREE("msgfolderroot")),
                              "<t:DisplayName>Drafts<"));
    cr_expect_str_eq(
        code_for(GUEST, arena_printf(t.arena, DELETE_ITEM, item)), "NoError");
}

Test(access, knows_no_mailbox_of_a_stranger)
{
    cr_expect_str_eq(
        code_for(OWNER, GET("DisplayName",
                            "<t:DistinguishedFolderId Id=\"inbox\"><t:Mailbox>"
                            "<t:EmailAddress>x@example.com</t:EmailAddress>"
                            "</t:Mailbox></t:DistinguishedFolderId>")),
        "ErrorNonExistentMailbox");
}

Test(access, tells_guests_nothing_in_2007)
{
    start(EXCHANGE_2007_SP1);
    exchange_grant(t.exchange, OWNER, "INBOX", GUEST, "Editor");
    cr_expect_str_eq(asking_code(&t, asking_ask(&t, GUEST, "Exchange2007_SP1",
                                                "", SUBSCRIBE, NULL, NULL)),
                     "ErrorSubscriptionDelegateAccessNotSupported");
}
