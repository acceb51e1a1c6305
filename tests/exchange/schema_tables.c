/*
 * schema_tables.c - the form of requests, as schema.h describes it
 */
#include "tests/exchange/schema.h"

#include <stddef.h>

/* clang-format off */

/* Operations; the last column is the version that they came with. */
const struct schema_type schema_messages[] = {
    { "GetFolder", NULL, "FolderShape:FolderShape FolderIds:FolderIds", NULL, NULL },
    { "FindFolder", NULL,
      "FolderShape:FolderShape"
      " (IndexedPageFolderView:IndexedPage | FractionalPageFolderView:FractionalPage)?"
      " Restriction:Restriction? ParentFolderIds:FolderIds", "Traversal:FolderTraversal!", NULL },
    { "SyncFolderHierarchy", NULL,
      "FolderShape:FolderShape SyncFolderId:TargetFolder? SyncState:string?", NULL, NULL },
    { "CreateFolder", NULL, "ParentFolderId:TargetFolder Folders:Folders", NULL, NULL },
    { "UpdateFolder", NULL, "FolderChanges:FolderChanges", NULL, NULL },
    { "MoveFolder", NULL, "ToFolderId:TargetFolder FolderIds:FolderIds", NULL, NULL },
    { "CopyFolder", NULL, "ToFolderId:TargetFolder FolderIds:FolderIds", NULL, NULL },
    { "DeleteFolder", NULL, "FolderIds:FolderIds", "DeleteType:Disposal!", NULL },
    { "EmptyFolder", NULL, "FolderIds:FolderIds",
      "DeleteType:Disposal! DeleteSubFolders:boolean!", "2010SP1" },
    { "SyncFolderItems", NULL,
      "ItemShape:ItemShape SyncFolderId:TargetFolder SyncState:string? Ignore:ItemIdsToIgnore?"
      " MaxChangesReturned:changes SyncScope:SyncScope?@2010", NULL, NULL },
    { "FindItem", NULL,
      "ItemShape:ItemShape"
      " (IndexedPageItemView:IndexedPage | FractionalPageItemView:FractionalPage"
      " | SeekToConditionPageItemView:SeekPage@2013 | CalendarView:CalendarView"
      " | ContactsView:ContactsView)?"
      " (GroupBy:any | DistinguishedGroupBy:any)? Restriction:Restriction?"
      " SortOrder:SortOrder? ParentFolderIds:FolderIds QueryString:QueryString?@2010",
      "Traversal:ItemTraversal!", NULL },
    { "GetItem", NULL, "ItemShape:ItemShape ItemIds:ItemIds", NULL, NULL },
    { "CreateItem", NULL, "SavedItemFolderId:TargetFolder? Items:Items",
      "MessageDisposition:MessageDisposition SendMeetingInvitations:MeetingCreate", NULL },
    { "UpdateItem", NULL, "SavedItemFolderId:TargetFolder? ItemChanges:ItemChanges",
      "ConflictResolution:ConflictResolution! MessageDisposition:MessageDisposition"
      " SendMeetingInvitationsOrCancellations:MeetingUpdate"
      " SuppressReadReceipts:boolean@2013", NULL },
    { "DeleteItem", NULL, "ItemIds:ItemIds",
      "DeleteType:Disposal! SendMeetingCancellations:MeetingCreate"
      " AffectedTaskOccurrences:TaskOccurrences SuppressReadReceipts:boolean@2013", NULL },
    { "MoveItem", NULL,
      "ToFolderId:TargetFolder ItemIds:ItemIds ReturnNewItemIds:boolean?@2010SP1", NULL, NULL },
    { "CopyItem", NULL,
      "ToFolderId:TargetFolder ItemIds:ItemIds ReturnNewItemIds:boolean?@2010SP1", NULL, NULL },
    { "SendItem", NULL, "ItemIds:ItemIds SavedItemFolderId:TargetFolder?",
      "SaveItemToFolder:boolean!", NULL },
    { "MarkAllItemsAsRead", NULL,
      "ReadFlag:boolean SuppressReadReceipts:boolean FolderIds:FolderIds", NULL, "2013" },
    { "ResolveNames", NULL, "ParentFolderIds:FolderIds? UnresolvedEntry:filled",
      "ReturnFullContactData:boolean! SearchScope:ResolveScope@2007SP1"
      " ContactDataShape:BaseShape@2010SP2", NULL },
    { "ExpandDL", NULL, "Mailbox:Mailbox", NULL, NULL },
    { "FindPeople", NULL,
      "PersonaShape:PersonaShape? IndexedPageItemView:IndexedPage Restriction:Restriction?"
      " AggregationRestriction:Restriction? SortOrder:SortOrder? ParentFolderId:TargetFolder?"
      " QueryString:string? SearchPeopleSuggestionIndex:boolean?@2016",
      /* Not in the schema; python3-exchangelib writes it, and is answered. */
      "Traversal:ItemTraversal", "2013" },
    { "GetPersona", NULL,
      "PersonaId:ItemId? EmailAddress:Mailbox? ParentFolderId:TargetFolder?"
      " ItemLinkId:string?", NULL, "2013" },
    { "GetUserPhoto", NULL, "Email:string SizeRequested:PhotoSize", NULL, "2013" },
    { "GetRoomLists", NULL, "", NULL, "2010" },
    { "GetRooms", NULL, "RoomList:RoomList", NULL, "2010" },
    { "GetUserAvailabilityRequest", NULL,
      "%AvailabilityZone? MailboxDataArray:MailboxDataArray %AvailabilityView? %Suggestions?",
      NULL, NULL },
    { "ConvertId", NULL, "SourceIds:SourceIds", "DestinationFormat:IdFormat!", "2007SP1" },
    { "CreateAttachment", NULL, "ParentItemId:ItemId Attachments:Attachments", NULL, NULL },
    { "DeleteAttachment", NULL, "AttachmentIds:AttachmentIds", NULL, NULL },
    { "GetAttachment", NULL,
      "AttachmentShape:AttachmentShape? AttachmentIds:AttachmentIds", NULL, NULL },
    { "GetServerTimeZones", NULL, "Ids:TimeZoneIds?", "ReturnFullTimeZoneData:boolean", "2010" },
    { "GetUserConfiguration", NULL,
      "UserConfigurationName:UserConfigurationName UserConfigurationProperties:string",
      NULL, "2010" },
    { "Subscribe", NULL,
      "(PullSubscriptionRequest:PullSubscription | PushSubscriptionRequest:PushSubscription"
      " | StreamingSubscriptionRequest:StreamingSubscription@2010SP1)", NULL, NULL },
    { "Unsubscribe", NULL, "SubscriptionId:filled", NULL, NULL },
    { "GetEvents", NULL, "SubscriptionId:filled Watermark:filled", NULL, NULL },
    { "GetStreamingEvents", NULL,
      "SubscriptionIds:SubscriptionIds ConnectionTimeout:halfhour", NULL, "2010SP1" },
    { NULL, NULL, NULL, NULL, NULL }
};

const struct schema_type schema_types[] = {
    /* Ids */
    { "FolderId", NULL, NULL, "Id:string! ChangeKey:string", "nothing" },
    { "DistinguishedFolder", NULL, "Mailbox:Mailbox?", "Id:DistinguishedId! ChangeKey:string", NULL },
    { "FolderIds", NULL, "(FolderId:FolderId | DistinguishedFolderId:DistinguishedFolder)+", NULL, NULL },
    { "TargetFolder", NULL,
      "(FolderId:FolderId | DistinguishedFolderId:DistinguishedFolder | AddressListId:any@2013)",
      NULL, NULL },
    { "ItemId", NULL, NULL, "Id:string! ChangeKey:string", "nothing" },
    { "OccurrenceId", NULL, NULL, "RecurringMasterId:string! ChangeKey:string InstanceIndex:int!", "nothing" },
    { "MasterId", NULL, NULL, "OccurrenceId:string! ChangeKey:string", "nothing" },
    { "ItemIds", NULL,
      "(ItemId:ItemId | OccurrenceItemId:OccurrenceId | RecurringMasterItemId:MasterId)+", NULL, NULL },
    { "ItemIdsToIgnore", NULL, "ItemId:ItemId*", NULL, NULL },
    { "AttachmentId", NULL, NULL, "Id:string! RootItemId:string RootItemChangeKey:string", "nothing" },
    { "RequestAttachmentId", NULL, NULL, "Id:string!", "nothing" },
    { "AttachmentIds", NULL, "AttachmentId:RequestAttachmentId+", NULL, NULL },
    { "AlternateId", NULL, NULL, "Format:IdFormat! Id:string! Mailbox:filled! IsArchive:boolean@2010SP1", "nothing" },
    { "AlternateFolderId", NULL, NULL, "Format:IdFormat! FolderId:string!", "nothing" },
    { "AlternateFolderItemId", "AlternateFolderId", NULL, "ItemId:string!", "nothing" },
    { "SourceIds", NULL,
      "(AlternateId:AlternateId | AlternatePublicFolderId:AlternateFolderId"
      " | AlternatePublicFolderItemId:AlternateFolderItemId)+", NULL, NULL },
    { "TimeZoneIds", NULL, "Id:string+", NULL, NULL },
    { "UserConfigurationName", NULL, "(FolderId:FolderId | DistinguishedFolderId:DistinguishedFolder)",
      "Name:filled!", NULL },

    /* Subscriptions */
    { "BaseSubscription", NULL,
      "FolderIds:FolderIds? EventTypes:EventTypes Watermark:filled?",
      "SubscribeToAllFolders:boolean@2010", NULL },
    { "PullSubscription", "BaseSubscription", "Timeout:day", NULL, NULL },
    { "PushSubscription", "BaseSubscription",
      "StatusFrequency:day URL:string CallerData:string?@2013", NULL, NULL },
    { "StreamingSubscription", NULL, "FolderIds:FolderIds? EventTypes:EventTypes",
      "SubscribeToAllFolders:boolean", NULL },
    { "EventTypes", NULL, "EventType:EventType+", NULL, NULL },
    { "SubscriptionIds", NULL, "SubscriptionId:filled+", NULL, NULL },

    /* Paths */
    { "FieldUri", NULL, NULL, "FieldURI:fieldUri!", "nothing" },
    { "IndexedFieldUri", NULL, NULL, "FieldURI:DictionaryUri! FieldIndex:string!", "nothing" },
    { "ExtendedFieldUri", NULL, NULL,
      "DistinguishedPropertySetId:PropertySet PropertySetId:guid PropertyTag:tag"
      " PropertyName:string PropertyId:int PropertyType:PropertyType!", "nothing" },
    { "Paths", NULL, "%Path+", NULL, NULL },
    { "ExtendedProperty", NULL,
      "ExtendedFieldURI:ExtendedFieldUri (Value:string | Values:Values)", NULL, NULL },
    { "Values", NULL, "Value:string+", NULL, NULL },

    /* Shapes and views */
    { "FolderShape", NULL, "BaseShape:BaseShape AdditionalProperties:Paths?", NULL, NULL },
    { "ItemShape", NULL,
      "BaseShape:BaseShape IncludeMimeContent:boolean? BodyType:BodyKind?"
      " UniqueBodyType:BodyKind?@2010 NormalizedBodyType:BodyKind?@2013"
      " FilterHtmlContent:boolean?@2010 ConvertHtmlCodePageToUTF8:boolean?@2010SP1"
      " InlineImageUrlTemplate:string?@2013 BlockExternalImages:boolean?@2013"
      " AddBlankTargetToLinks:boolean?@2013 MaximumBodySize:int?@2013"
      " AdditionalProperties:Paths?", NULL, NULL },
    { "PersonaShape", NULL, "BaseShape:BaseShape AdditionalProperties:Paths?", NULL, NULL },
    { "AttachmentShape", NULL,
      "IncludeMimeContent:boolean? BodyType:BodyKind? FilterHtmlContent:boolean?@2010"
      " AdditionalProperties:Paths?", NULL, NULL },
    { "IndexedPage", NULL, NULL, "MaxEntriesReturned:int Offset:int! BasePoint:BasePoint!", "nothing" },
    { "FractionalPage", NULL, NULL, "MaxEntriesReturned:int Numerator:int! Denominator:int!", "nothing" },
    { "SeekPage", NULL, "Condition:Restriction", "MaxEntriesReturned:int BasePoint:BasePoint!", NULL },
    { "CalendarView", NULL, NULL, "MaxEntriesReturned:int StartDate:dateTime! EndDate:dateTime!", "nothing" },
    { "ContactsView", NULL, NULL, "MaxEntriesReturned:int InitialName:string FinalName:string", "nothing" },
    { "SortOrder", NULL, "FieldOrder:FieldOrder+", NULL, NULL },
    { "FieldOrder", NULL, "%Path", "Order:SortDirection!", NULL },
    { "QueryString", NULL, NULL,
      "ResetCache:boolean@2013 ReturnHighlightTerms:boolean@2013 ReturnDeletedItems:boolean@2013", "string" },

    /* Restrictions */
    { "Restriction", NULL, "%SearchExpression", NULL, NULL },
    { "Expressions", NULL, "%SearchExpression+", NULL, NULL },
    { "Exists", NULL, "%Path", NULL, NULL },
    { "Excludes", NULL, "%Path Bitmask:Constant", NULL, NULL },
    { "Contains", NULL, "%Path Constant:Constant",
      "ContainmentMode:ContainmentMode ContainmentComparison:ContainmentComparison", NULL },
    { "Comparison", NULL, "%Path FieldURIOrConstant:Operand", NULL, NULL },
    { "Operand", NULL, "(%Path | Constant:Constant)", NULL, NULL },
    { "Constant", NULL, NULL, "Value:string!", "nothing" },

    /* Folders */
    { "BaseFolder", NULL,
      "FolderId:FolderId? ParentFolderId:FolderId? FolderClass:string? DisplayName:string?"
      " TotalCount:int? ChildFolderCount:int? ExtendedProperty:ExtendedProperty*"
      " ManagedFolderInformation:any? EffectiveRights:any?"
      " DistinguishedFolderId:DistinguishedId?@2013 PolicyTag:any?@2013 ArchiveTag:any?@2013"
      " ReplicaList:Strings?@2013", NULL, NULL },
    { "UserId", NULL,
      "SID:string? PrimarySmtpAddress:string? DisplayName:string? DistinguishedUser:DistinguishedUser?"
      " ExternalUserIdentity:string?@2010", NULL, NULL },
    { "BasePermission", NULL,
      "UserId:UserId CanCreateItems:boolean? CanCreateSubFolders:boolean? IsFolderOwner:boolean?"
      " IsFolderVisible:boolean? IsFolderContact:boolean? EditItems:PermissionAction?"
      " DeleteItems:PermissionAction?", NULL, NULL },
    { "Permission", "BasePermission", "ReadItems:ReadAccess? PermissionLevel:PermissionLevel", NULL, NULL },
    { "CalendarPermission", "BasePermission",
      "ReadItems:CalendarReadAccess? CalendarPermissionLevel:CalendarPermissionLevel", NULL, NULL },
    { "Permissions", NULL, "Permission:Permission*", NULL, NULL },
    { "CalendarPermissions", NULL, "CalendarPermission:CalendarPermission*", NULL, NULL },
    { "UnknownEntries", NULL, "UnknownEntry:string*", NULL, NULL },
    { "PermissionSet", NULL, "Permissions:Permissions UnknownEntries:UnknownEntries?", NULL, NULL },
    { "CalendarPermissionSet", NULL,
      "CalendarPermissions:CalendarPermissions UnknownEntries:UnknownEntries?", NULL, NULL },
    { "Folder", "BaseFolder", "PermissionSet:PermissionSet?@2007SP1 UnreadCount:int?", NULL, NULL },
    { "SearchFolder", "BaseFolder", "PermissionSet:PermissionSet?@2007SP1 UnreadCount:int? SearchParameters:SearchParameters?", NULL, NULL },
    { "SearchParameters", NULL, "Restriction:Restriction BaseFolderIds:FolderIds", "Traversal:SearchTraversal", NULL },
    { "CalendarFolder", "BaseFolder", "SharingEffectiveRights:any?@2010 PermissionSet:CalendarPermissionSet?@2007SP1", NULL, NULL },
    { "ContactsFolder", "BaseFolder",
      "SharingEffectiveRights:any?@2010 PermissionSet:PermissionSet?@2007SP1 SourceId:string?@2013 AccountName:string?@2013",
      NULL, NULL },
    { "Folders", NULL, "%Folder+", NULL, NULL },
    { "FolderChanges", NULL, "FolderChange:FolderChange+", NULL, NULL },
    { "FolderChange", NULL,
      "(FolderId:FolderId | DistinguishedFolderId:DistinguishedFolder) Updates:FolderUpdates", NULL, NULL },
    { "FolderUpdates", NULL,
      "(AppendToFolderField:SetFolderField | SetFolderField:SetFolderField"
      " | DeleteFolderField:Exists)+", NULL, NULL },
    { "SetFolderField", NULL, "%Path %Folder", NULL, NULL },

    /* Items */
    { "Strings", NULL, "String:string*", NULL, NULL },
    { "MimeContent", NULL, NULL, "CharacterSet:string", "string" },
    { "Body", NULL, NULL, "BodyType:BodyText! IsTruncated:boolean@2013", "string" },
    { "Mailbox", NULL,
      "Name:string? EmailAddress:filled? RoutingType:filled? MailboxType:MailboxType? ItemId:ItemId?"
      " OriginalDisplayName:string?@2010SP1", NULL, NULL },
    { "Recipient", NULL, "Mailbox:Mailbox", NULL, NULL },
    { "Recipients", NULL, "Mailbox:Mailbox*", NULL, NULL },
    { "Header", NULL, NULL, "HeaderName:string!", "string" },
    { "Headers", NULL, "InternetMessageHeader:Header+", NULL, NULL },
    { "Flag", NULL, "FlagStatus:FlagStatus StartDate:dateTime? DueDate:dateTime? CompleteDate:dateTime?", NULL, NULL },
    { "Attachments", NULL, "(ItemAttachment:any | FileAttachment:FileAttachment | ReferenceAttachment:any@2016)+", NULL, NULL },
    { "FileAttachment", NULL,
      "AttachmentId:AttachmentId? Name:string? ContentType:string? ContentId:string?"
      " ContentLocation:string? Size:int?@2010 LastModifiedTime:dateTime?@2010 IsInline:boolean?@2010"
      " IsContactPhoto:boolean?@2010 Content:base64?", NULL, NULL },
    { "Item", NULL,
      "MimeContent:MimeContent? ItemId:ItemId? ParentFolderId:FolderId? ItemClass:string?"
      " Subject:string? Sensitivity:Sensitivity? Body:Body? Attachments:Attachments?"
      " DateTimeReceived:dateTime? Size:int? Categories:Strings? Importance:Importance?"
      " InReplyTo:string? IsSubmitted:boolean? IsDraft:boolean? IsFromMe:boolean? IsResend:boolean?"
      " IsUnmodified:boolean? InternetMessageHeaders:Headers? DateTimeSent:dateTime?"
      " DateTimeCreated:dateTime? ResponseObjects:any? ReminderDueBy:dateTime? ReminderIsSet:boolean?"
      " ReminderNextTime:dateTime?@2013 ReminderMinutesBeforeStart:string? DisplayCc:string?"
      " DisplayTo:string? HasAttachments:boolean? ExtendedProperty:ExtendedProperty* Culture:string?"
      " EffectiveRights:any?@2007SP1 LastModifiedName:string?@2007SP1 LastModifiedTime:dateTime?@2007SP1"
      " IsAssociated:boolean?@2010 WebClientReadFormQueryString:string?@2010"
      " WebClientEditFormQueryString:string?@2010 ConversationId:ItemId?@2010 UniqueBody:Body?@2010"
      " Flag:Flag?@2013 StoreEntryId:base64?@2010SP2 InstanceKey:base64?@2013 NormalizedBody:Body?@2013"
      " EntityExtractionResult:any?@2013 PolicyTag:any?@2013 ArchiveTag:any?@2013"
      " RetentionDate:dateTime?@2013 Preview:string?@2013 RightsManagementLicenseData:any?@2013"
      " PredictedActionReasons:any?@2016 IsClutter:boolean?@2016 BlockStatus:boolean?@2013"
      " HasBlockedImages:boolean?@2013 TextBody:Body?@2013 IconIndex:string?@2013", NULL, NULL },
    { "Message", "Item",
      "Sender:Recipient? ToRecipients:Recipients? CcRecipients:Recipients? BccRecipients:Recipients?"
      " IsReadReceiptRequested:boolean? IsDeliveryReceiptRequested:boolean? ConversationIndex:base64?"
      " ConversationTopic:string? From:Recipient? InternetMessageId:string? IsRead:boolean?"
      " IsResponseRequested:boolean? References:string? ReplyTo:Recipients? ReceivedBy:Recipient?@2007SP1"
      " ReceivedRepresenting:Recipient?@2007SP1 ApprovalRequestData:any?@2013"
      " VotingInformation:any?@2013 ReminderMessageData:any?@2013SP1", NULL, NULL },
    { "Items", NULL,
      "(%Item | SharingMessage:any@2010SP2 | ReplyToItem:any | ForwardItem:any | ReplyAllToItem:any"
      " | AcceptItem:RegistrationItem | TentativelyAcceptItem:RegistrationItem"
      " | DeclineItem:RegistrationItem | CancelCalendarItem:CancelItem | RemoveItem:RemoveItem"
      " | SuppressReadReceipt:any | PostReplyItem:any@2007SP1 | AcceptSharingInvitation:any@2010)+", NULL, NULL },
    { "ItemChanges", NULL, "ItemChange:ItemChange+", NULL, NULL },
    { "ItemChange", NULL,
      "(ItemId:ItemId | OccurrenceItemId:OccurrenceId | RecurringMasterItemId:MasterId)"
      " Updates:ItemUpdates", NULL, NULL },
    { "ItemUpdates", NULL,
      "(AppendToItemField:SetItemField | SetItemField:SetItemField | DeleteItemField:Exists)+", NULL, NULL },
    { "SetItemField", NULL, "%Path %Item", NULL, NULL },
    { NULL, NULL, NULL, NULL, NULL }
};

const struct schema_type schema_groups[] = {
    { "Path", NULL,
      "FieldURI:FieldUri | IndexedFieldURI:IndexedFieldUri | ExtendedFieldURI:ExtendedFieldUri", NULL, NULL },
    { "SearchExpression", NULL,
      "Exists:Exists | Excludes:Excludes | IsEqualTo:Comparison | IsNotEqualTo:Comparison"
      " | IsGreaterThan:Comparison | IsGreaterThanOrEqualTo:Comparison | IsLessThan:Comparison"
      " | IsLessThanOrEqualTo:Comparison | Contains:Contains | Not:Restriction | And:Expressions"
      " | Or:Expressions", NULL, NULL },
    { "Folder", NULL,
      "Folder:Folder | CalendarFolder:CalendarFolder | ContactsFolder:ContactsFolder"
      " | SearchFolder:SearchFolder | TasksFolder:Folder", NULL, NULL },
    { "Item", NULL,
      "Item:Item | Message:Message | CalendarItem:CalendarItem | Contact:Contact"
      " | DistributionList:DistributionList"
      " | MeetingMessage:any | MeetingRequest:any | MeetingResponse:any | MeetingCancellation:any"
      " | Task:Task | PostItem:any@2007SP1", NULL, NULL },
    { NULL, NULL, NULL, NULL, NULL }
};

/* Enumerations. */
const struct schema_simple schema_simples[] = {
    { "nothing", "" },
    { "BaseShape", "IdOnly|Default|AllProperties|PcxPeopleSearch@2013" },
    { "BodyKind", "Best|HTML|Text" },
    { "BodyText", "HTML|Text" },
    { "ItemTraversal", "Shallow|SoftDeleted|Associated@2010" },
    { "FolderTraversal", "Shallow|Deep|SoftDeleted" },
    { "SearchTraversal", "Shallow|Deep" },
    { "Disposal", "HardDelete|SoftDelete|MoveToDeletedItems" },
    { "MessageDisposition", "SaveOnly|SendOnly|SendAndSaveCopy" },
    { "ConflictResolution", "NeverOverwrite|AutoResolve|AlwaysOverwrite" },
    { "MeetingCreate", "SendToNone|SendOnlyToAll|SendToAllAndSaveCopy" },
    { "MeetingUpdate",
      "SendToNone|SendOnlyToAll|SendOnlyToChanged|SendToAllAndSaveCopy|SendToChangedAndSaveCopy" },
    { "TaskOccurrences", "AllOccurrences|SpecifiedOccurrenceOnly" },
    { "SyncScope", "NormalItems|NormalAndAssociatedItems" },
    { "ContainmentMode", "FullString|Prefixed|Substring|PrefixOnWords|ExactPhrase" },
    { "ContainmentComparison",
      "Exact|IgnoreCase|IgnoreNonSpacingCharacters|Loose|IgnoreCaseAndNonSpacingCharacters"
      "|LooseAndIgnoreCase|LooseAndIgnoreNonSpace|LooseAndIgnoreCaseAndIgnoreNonSpace" },
    { "PropertyType",
      "ApplicationTime|ApplicationTimeArray|Binary|BinaryArray|Boolean|CLSID|CLSIDArray|Currency"
      "|CurrencyArray|Double|DoubleArray|Error|Float|FloatArray|Integer|IntegerArray|Long|LongArray"
      "|Null|Object|ObjectArray|Short|ShortArray|SystemTime|SystemTimeArray|String|StringArray" },
    { "PropertySet",
      "Meeting|Appointment|Common|PublicStrings|Address|InternetHeaders|CalendarAssistant"
      "|UnifiedMessaging|Task@2007SP1|Sharing@2013" },
    { "SortDirection", "Ascending|Descending" },
    { "BasePoint", "Beginning|End" },
    { "ResolveScope", "ActiveDirectory|ActiveDirectoryContacts|Contacts|ContactsActiveDirectory" },
    { "PhotoSize",
      "HR48x48|HR64x64|HR96x96|HR120x120|HR240x240|HR360x360|HR432x432|HR504x504|HR648x648" },
    { "IdFormat", "EwsLegacyId|EwsId|EntryId|HexEntryId|StoreId|OwaId" },
    { "Sensitivity", "Normal|Personal|Private|Confidential" },
    { "Importance", "Low|Normal|High" },
    { "DistinguishedUser", "Default|Anonymous" },
    { "PermissionAction", "None|Owned|All" },
    { "ReadAccess", "None|FullDetails" },
    { "CalendarReadAccess", "None|TimeOnly|TimeAndSubjectAndLocation|FullDetails" },
    { "PermissionLevel",
      "None|Owner|PublishingEditor|Editor|PublishingAuthor|Author|NoneditingAuthor|Reviewer"
      "|Contributor|Custom" },
    { "CalendarPermissionLevel",
      "None|Owner|PublishingEditor|Editor|PublishingAuthor|Author|NoneditingAuthor|Reviewer"
      "|Contributor|FreeBusyTimeOnly|FreeBusyTimeAndSubjectAndLocation|Custom" },
    { "EventType",
      "CopiedEvent|CreatedEvent|DeletedEvent|ModifiedEvent|MovedEvent|NewMailEvent"
      "|FreeBusyChangedEvent@2010SP1" },
    { "FlagStatus", "NotFlagged|Flagged|Complete" },
    { "MailboxType",
      "Unknown@2010|OneOff@2010|Mailbox|PublicDL|PrivateDL|Contact|PublicFolder|GroupMailbox@2013SP1" },
    { "DictionaryUri",
      "item:InternetMessageHeader|contacts:ImAddress|contacts:PhysicalAddress:Street"
      "|contacts:PhysicalAddress:City|contacts:PhysicalAddress:State"
      "|contacts:PhysicalAddress:CountryOrRegion|contacts:PhysicalAddress:PostalCode"
      "|contacts:PhoneNumber|contacts:EmailAddress|distributionlist:Members:Member@2010SP1" },
    { "DistinguishedId",
      "calendar|contacts|deleteditems|drafts|inbox|journal|notes|outbox|sentitems|tasks"
      "|msgfolderroot|publicfoldersroot@2007SP1|root|junkemail|searchfolders|voicemail"
      "|recoverableitemsroot@2010SP1|recoverableitemsdeletions@2010SP1"
      "|recoverableitemsversions@2010SP1|recoverableitemspurges@2010SP1|archiveroot@2010SP1"
      "|archivemsgfolderroot@2010SP1|archivedeleteditems@2010SP1|archiveinbox@2013SP1"
      "|archiverecoverableitemsroot@2010SP1|archiverecoverableitemsdeletions@2010SP1"
      "|archiverecoverableitemsversions@2010SP1|archiverecoverableitemspurges@2010SP1"
      "|syncissues@2013|conflicts@2013|localfailures@2013|serverfailures@2013"
      "|recipientcache@2013|quickcontacts@2013|conversationhistory@2013|adminauditlogs@2013"
      "|todosearch@2013|mycontacts@2013|directory@2013SP1|imcontactlist@2013"
      "|peopleconnect@2013|favorites@2013|archive@2016" },
    { NULL, NULL }
};

/* clang-format on */
