/*
 * schema_forms.c - the form of events, tasks and contacts in requests
 */
#include "tests/exchange/schema.h"

#include <stddef.h>

/* clang-format off */

const struct schema_type schema_form_types[] = {
    /* Events */
    { "CalendarItem", "Item",
      "UID:string?@2007SP1 RecurrenceId:dateTime?@2007SP1 DateTimeStamp:dateTime?@2007SP1"
      " Start:dateTime? End:dateTime? OriginalStart:dateTime? IsAllDayEvent:boolean?"
      " LegacyFreeBusyStatus:FreeBusy? Location:string? When:string? IsMeeting:boolean?"
      " IsCancelled:boolean? IsRecurring:boolean? MeetingRequestWasSent:boolean?"
      " IsResponseRequested:boolean? CalendarItemType:string? MyResponseType:Response?"
      " Organizer:Recipient? RequiredAttendees:Attendees? OptionalAttendees:Attendees?"
      " Resources:Attendees? InboxReminders:any?@2016 ConflictingMeetingCount:int?"
      " AdjacentMeetingCount:int? ConflictingMeetings:any? AdjacentMeetings:any?"
      " Duration:string? TimeZone:string? AppointmentReplyTime:dateTime?"
      " AppointmentSequenceNumber:int? AppointmentState:int? Recurrence:Recurrence?"
      " FirstOccurrence:any? LastOccurrence:any? ModifiedOccurrences:any?"
      " DeletedOccurrences:any? MeetingTimeZone:MeetingTimeZone?"
      " StartTimeZone:TimeZoneDefinition?@2010 EndTimeZone:TimeZoneDefinition?@2010"
      " ConferenceType:int? AllowNewTimeProposal:boolean? IsOnlineMeeting:boolean?"
      " MeetingWorkspaceUrl:string? NetShowUrl:string?"
      " EnhancedLocation:EnhancedLocation?@2013SP1 StartWallClock:dateTime?@2013"
      " EndWallClock:dateTime?@2013 StartTimeZoneId:string?@2013 EndTimeZoneId:string?@2013"
      " IntendedFreeBusyStatus:FreeBusy?@2013 JoinOnlineMeetingUrl:string?@2013"
      " OnlineMeetingSettings:any?@2013 IsOrganizer:boolean?@2013"
      " CalendarActivityData:any?@2016 DoNotForwardMeeting:boolean?@2016", NULL, NULL },
    { "Attendees", NULL, "Attendee:Attendee+", NULL, NULL },
    { "Attendee", NULL,
      "Mailbox:Mailbox ResponseType:Response? LastResponseTime:dateTime?"
      " ProposedStart:dateTime?@2013SP1 ProposedEnd:dateTime?@2013SP1", NULL, NULL },
    { "EnhancedLocation", NULL, "DisplayName:string Annotation:string? PostalAddress:any?", NULL, NULL },

    /* Recurrence */
    { "Recurrence", NULL, "%Pattern %Range", NULL, NULL },
    { "TaskRecurrence", NULL, "(%Pattern | %Regeneration) %Range", NULL, NULL },
    { "RelativeYearly", NULL, "DaysOfWeek:Day DayOfWeekIndex:Week Month:Month", NULL, NULL },
    { "AbsoluteYearly", NULL, "DayOfMonth:int Month:Month", NULL, NULL },
    { "RelativeMonthly", NULL, "Interval:int DaysOfWeek:Day DayOfWeekIndex:Week", NULL, NULL },
    { "AbsoluteMonthly", NULL, "Interval:int DayOfMonth:int", NULL, NULL },
    { "Weekly", NULL, "Interval:int DaysOfWeek:days FirstDayOfWeek:Day?@2010SP1", NULL, NULL },
    { "Daily", NULL, "Interval:int", NULL, NULL },
    { "NoEnd", NULL, "StartDate:date", NULL, NULL },
    { "EndDate", NULL, "StartDate:date EndDate:date", NULL, NULL },
    { "Numbered", NULL, "StartDate:date NumberOfOccurrences:int", NULL, NULL },

    /* Time zones */
    { "MeetingTimeZone", NULL, "BaseOffset:string? Standard:TimeChange? Daylight:TimeChange?",
      "TimeZoneName:string", NULL },
    { "TimeChange", NULL,
      "Offset:string (RelativeYearlyRecurrence:RelativeYearly | AbsoluteDate:date)? Time:string",
      "TimeZoneName:string", NULL },
    { "TimeZoneDefinition", NULL,
      "Periods:Periods? TransitionsGroups:TransitionsGroups? Transitions:Transitions?",
      "Id:string Name:string", NULL },
    { "Periods", NULL, "Period:Period+", NULL, NULL },
    { "Period", NULL, NULL, "Bias:string! Name:string! Id:string!", "nothing" },
    { "TransitionsGroups", NULL, "TransitionsGroup:Transitions*", NULL, NULL },
    { "Transitions", NULL, "%Transition*", "Id:string", NULL },
    { "Transition", NULL, "To:Target", NULL, NULL },
    { "Target", NULL, NULL, "Kind:TargetKind!", "string" },
    { "AbsoluteDateTransition", "Transition", "DateTime:dateTime", NULL, NULL },
    { "RecurringDayTransition", "Transition",
      "TimeOffset:string Month:int DayOfWeek:Day Occurrence:int", NULL, NULL },
    { "RecurringDateTransition", "Transition", "TimeOffset:string Month:int Day:int", NULL, NULL },

    /* Answers to meetings */
    { "ResponseItem", NULL,
      "ItemClass:string? Sensitivity:Sensitivity? Body:Body? Attachments:Attachments?"
      " InternetMessageHeaders:Headers? Sender:Recipient? ToRecipients:Recipients?"
      " CcRecipients:Recipients? BccRecipients:Recipients? IsReadReceiptRequested:boolean?"
      " IsDeliveryReceiptRequested:boolean? From:Recipient? ReferenceItemId:ItemId?",
      "ObjectName:string", NULL },
    { "RegistrationItem", "ResponseItem",
      "ProposedStart:dateTime?@2013SP1 ProposedEnd:dateTime?@2013SP1", NULL, NULL },
    { "CancelItem", NULL,
      "Subject:string? Body:Body? ToRecipients:Recipients? CcRecipients:Recipients?"
      " BccRecipients:Recipients? IsReadReceiptRequested:boolean?"
      " IsDeliveryReceiptRequested:boolean? From:Recipient? ReferenceItemId:ItemId?"
      " NewBodyContent:Body?", "ObjectName:string", NULL },
    { "RemoveItem", NULL, "ReferenceItemId:ItemId?", "ObjectName:string", NULL },

    /* Tasks */
    { "Task", "Item",
      "ActualWork:int? AssignedTime:dateTime? BillingInformation:string? ChangeCount:int?"
      " Companies:Strings? CompleteDate:dateTime? Contacts:Strings? DelegationState:string?"
      " Delegator:string? DueDate:dateTime? IsAssignmentEditable:int? IsComplete:boolean?"
      " IsRecurring:boolean? IsTeamTask:boolean? Mileage:string? Owner:string?"
      " PercentComplete:double? Recurrence:TaskRecurrence? StartDate:dateTime?"
      " Status:TaskStatus? StatusDescription:string? TotalWork:int?", NULL, NULL },

    /* Contacts */
    { "Contact", "Item",
      "FileAs:string? FileAsMapping:FileAsMapping? DisplayName:string? GivenName:string?"
      " Initials:string? MiddleName:string? Nickname:string? CompleteName:any?"
      " CompanyName:string? EmailAddresses:Emails? AbchEmailAddresses:any?@2016"
      " PhysicalAddresses:Addresses? PhoneNumbers:Phones? AssistantName:string?"
      " Birthday:dateTime? BusinessHomePage:string? Children:Strings? Companies:Strings?"
      " ContactSource:string? Department:string? Generation:string? ImAddresses:Ims?"
      " JobTitle:string? Manager:string? Mileage:string? OfficeLocation:string?"
      " PostalAddressIndex:AddressIndex? Profession:string? SpouseName:string?"
      " Surname:string? WeddingAnniversary:dateTime? HasPicture:boolean?@2010"
      " PhoneticFullName:string?@2010SP2 PhoneticFirstName:string?@2010SP2"
      " PhoneticLastName:string?@2010SP2 Alias:string?@2010SP2 Notes:string?@2010SP2"
      " Photo:base64?@2010SP2 UserSMIMECertificate:any?@2010SP2"
      " MSExchangeCertificate:any?@2010SP2 DirectoryId:string?@2010SP2"
      " ManagerMailbox:Recipient?@2010SP2 DirectReports:Recipients?@2010SP2", NULL, NULL },
    { "Emails", NULL, "Entry:Email*", NULL, NULL },
    { "Email", NULL, NULL,
      "Key:EmailKey! Name:string@2010SP1 RoutingType:string@2010SP1 MailboxType:MailboxType@2010SP1",
      "string" },
    { "Addresses", NULL, "Entry:Address*", NULL, NULL },
    { "Address", NULL,
      "Street:string? City:string? State:string? CountryOrRegion:string? PostalCode:string?",
      "Key:AddressKey!", NULL },
    { "Phones", NULL, "Entry:Phone*", NULL, NULL },
    { "Phone", NULL, NULL, "Key:PhoneKey!", "string" },
    { "Ims", NULL, "Entry:Im*", NULL, NULL },
    { "Im", NULL, NULL, "Key:ImKey!", "string" },
    { "DistributionList", "Item",
      "DisplayName:string? FileAs:string? ContactSource:string? Members:Members?@2010", NULL, NULL },
    { "Members", NULL, "Member:Member*", NULL, NULL },
    { "Member", NULL, "Mailbox:Mailbox? Status:string?", "Key:string", NULL },

    /* Availability */
    { "BiasedZone", NULL, "Bias:int StandardTime:BiasedTime DaylightTime:BiasedTime", NULL, NULL },
    { "BiasedTime", NULL,
      "Bias:int Time:string DayOrder:int Month:int DayOfWeek:Day Year:string?", NULL, NULL },
    { "MailboxDataArray", NULL, "MailboxData:MailboxData*", NULL, NULL },
    { "MailboxData", NULL,
      "Email:PlainAddress AttendeeType:AttendeeType ExcludeConflicts:boolean?", NULL, NULL },
    { "PlainAddress", NULL, "Name:string? Address:string RoutingType:string?", NULL, NULL },
    { "FreeBusyViewOptions", NULL,
      "TimeWindow:TimeWindow MergedFreeBusyIntervalInMinutes:int? RequestedView:FreeBusyView?",
      NULL, NULL },
    { "TimeWindow", NULL, "StartTime:dateTime EndTime:dateTime", NULL, NULL },
    { "RoomList", NULL,
      "Name:string? EmailAddress:filled? RoutingType:filled? MailboxType:MailboxType?", NULL, NULL },
    { NULL, NULL, NULL, NULL, NULL }
};

const struct schema_type schema_form_groups[] = {
    { "AvailabilityZone", NULL, "TimeZone:BiasedZone", NULL, NULL },
    { "AvailabilityView", NULL, "FreeBusyViewOptions:FreeBusyViewOptions", NULL, NULL },
    { "Suggestions", NULL, "SuggestionsViewOptions:any", NULL, NULL },
    { "Pattern", NULL,
      "RelativeYearlyRecurrence:RelativeYearly | AbsoluteYearlyRecurrence:AbsoluteYearly"
      " | RelativeMonthlyRecurrence:RelativeMonthly | AbsoluteMonthlyRecurrence:AbsoluteMonthly"
      " | WeeklyRecurrence:Weekly | DailyRecurrence:Daily", NULL, NULL },
    { "Regeneration", NULL,
      "DailyRegeneration:Daily | WeeklyRegeneration:Daily | MonthlyRegeneration:Daily"
      " | YearlyRegeneration:Daily", NULL, NULL },
    { "Range", NULL,
      "NoEndRecurrence:NoEnd | EndDateRecurrence:EndDate | NumberedRecurrence:Numbered", NULL, NULL },
    { "Transition", NULL,
      "Transition:Transition | AbsoluteDateTransition:AbsoluteDateTransition"
      " | RecurringDayTransition:RecurringDayTransition"
      " | RecurringDateTransition:RecurringDateTransition", NULL, NULL },
    { NULL, NULL, NULL, NULL, NULL }
};

const struct schema_simple schema_form_simples[] = {
    { "FreeBusy", "Free|Tentative|Busy|OOF|WorkingElsewhere@2013|NoData" },
    { "Response", "Unknown|Organizer|Tentative|Accept|Decline|NoResponseReceived" },
    { "Day",
      "Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Day|Weekday|WeekendDay" },
    { "Week", "First|Second|Third|Fourth|Last" },
    { "Month",
      "January|February|March|April|May|June|July|August|September|October|November|December" },
    { "TargetKind", "Period|Group" },
    { "TaskStatus", "NotStarted|InProgress|Completed|WaitingOnOthers|Deferred" },
    { "FileAsMapping",
      "None|LastCommaFirst|FirstSpaceLast|Company|LastCommaFirstCompany|CompanyLastFirst|LastFirst"
      "|LastFirstCompany|CompanyLastCommaFirst|LastFirstSuffix|LastSpaceFirstCompany"
      "|CompanyLastSpaceFirst|LastSpaceFirst|DisplayName@2010|FirstName@2010"
      "|LastFirstMiddleSuffix@2010|LastName@2010|Empty@2010" },
    { "EmailKey", "EmailAddress1|EmailAddress2|EmailAddress3" },
    { "AddressKey", "Business|Home|Other" },
    { "AddressIndex", "None|Business|Home|Other" },
    { "PhoneKey",
      "AssistantPhone|BusinessFax|BusinessPhone|BusinessPhone2|Callback|CarPhone|CompanyMainPhone"
      "|HomeFax|HomePhone|HomePhone2|Isdn|MobilePhone|OtherFax|OtherTelephone|Pager|PrimaryPhone"
      "|RadioPhone|Telex|TtyTddPhone" },
    { "ImKey", "ImAddress1|ImAddress2|ImAddress3" },
    { "AttendeeType", "Organizer|Required|Optional|Room|Resource" },
    { "FreeBusyView", "None|MergedOnly|FreeBusy|FreeBusyMerged|Detailed|DetailedMerged" },
    { NULL, NULL }
};

/* clang-format on */
