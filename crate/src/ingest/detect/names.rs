//! What columns are called, in English and Chinese.

use crate::ingest::plan::Role;

/// Names by role, without blanks, signs and case; the best known first.
const NAMES: [(Role, &[&str]); 10] = [
    (
        Role::User,
        &[
            "userid",
            "user",
            "uid",
            "userpseudoid",
            "customerid",
            "customer",
            "custid",
            "memberid",
            "member",
            "visitorid",
            "visitor",
            "fullvisitorid",
            "householdid",
            "household",
            "householdkey",
            "reviewerid",
            "reviewer",
            "buyerid",
            "buyer",
            "clientid",
            "client",
            "accountid",
            "account",
            "personid",
            "person",
            "userfrom",
            "user1",
            "truster",
            "follower",
            "followerid",
            "用户",
            "用户id",
            "用户编号",
            "用户名",
            "会员",
            "会员id",
            "会员编号",
            "顾客",
            "顾客id",
            "客户",
            "客户id",
            "客户编号",
            "买家",
            "买家id",
            "访客",
            "访客id",
            "sessionid",
            "session",
            "usersession",
            "会话id",
        ],
    ),
    (
        Role::Item,
        &[
            "itemid",
            "item",
            "productid",
            "product",
            "parentasin",
            "asin",
            "itemsitemid",
            "sku",
            "skuid",
            "goodsid",
            "goods",
            "stockcode",
            "productcode",
            "movieid",
            "movie",
            "filmid",
            "bookid",
            "book",
            "isbn",
            "songid",
            "song",
            "trackid",
            "track",
            "artistid",
            "artist",
            "articleid",
            "article",
            "newsid",
            "videoid",
            "video",
            "contentid",
            "content",
            "gameid",
            "businessid",
            "venueid",
            "poiid",
            "商品",
            "商品id",
            "商品编号",
            "货号",
            "产品",
            "产品id",
            "产品编号",
            "物品",
            "物品id",
            "宝贝id",
            "视频id",
            "电影id",
            "歌曲id",
        ],
    ),
    (
        Role::Domain,
        &[
            "domain",
            "interest",
            "productcategory",
            "itemcategory",
            "itemsitemcategory",
            "categorycode",
            "categoryname",
            "category",
            "maincategory",
            "maincat",
            "categoryid",
            "itemcategoryid",
            "productcategoryid",
            "cat",
            "catid",
            "cate",
            "cateid",
            "genres",
            "genre",
            "department",
            "topic",
            "section",
            "subcategory",
            "tag",
            "类目",
            "类目id",
            "商品类目",
            "商品类目id",
            "类别",
            "类别id",
            "商品类别",
            "品类",
            "品类id",
            "分类",
            "分类id",
            "频道",
            "领域",
            "题材",
            "类型",
        ],
    ),
    (
        Role::Kind,
        &[
            "eventtype",
            "eventname",
            "event",
            "behaviortype",
            "behaviourtype",
            "behavior",
            "behaviour",
            "actiontype",
            "action",
            "activity",
            "interaction",
            "kind",
            "type",
            "行为",
            "行为类型",
            "用户行为",
            "事件",
            "事件类型",
            "动作",
            "操作",
            "操作类型",
        ],
    ),
    (
        Role::Time,
        &[
            "eventtimestamp",
            "timestamp",
            "eventtime",
            "unixreviewtime",
            "unixtime",
            "datetime",
            "transactiontimestamp",
            "time",
            "ts",
            "timestamps",
            "createdat",
            "createtime",
            "created",
            "ordertime",
            "orderdate",
            "purchasetime",
            "purchasedate",
            "transactiondate",
            "invoicedate",
            "visittime",
            "clicktime",
            "reviewtime",
            "date",
            "eventdate",
            "day",
            "时间",
            "时间戳",
            "行为时间",
            "发生时间",
            "下单时间",
            "购买时间",
            "点击时间",
            "访问时间",
            "创建时间",
            "日期",
        ],
    ),
    (
        Role::Platform,
        &[
            "platform",
            "devicecategory",
            "devicetype",
            "device",
            "channel",
            "channelgrouping",
            "trafficsource",
            "source",
            "os",
            "平台",
            "渠道",
            "设备",
            "设备类型",
            "终端",
            "来源",
        ],
    ),
    (
        Role::Title,
        &[
            "title",
            "itemname",
            "itemsitemname",
            "productname",
            "producttitle",
            "itemtitle",
            "moviename",
            "movietitle",
            "artistname",
            "producttype",
            "description",
            "name",
            "标题",
            "名称",
            "商品名称",
            "商品标题",
            "产品名称",
            "电影名",
        ],
    ),
    (
        Role::Friend,
        &[
            "friend",
            "friendid",
            "trusts",
            "trust",
            "trustee",
            "trusteeid",
            "followee",
            "followeeid",
            "follows",
            "following",
            "userto",
            "user2",
            "好友",
            "好友id",
            "关注",
            "关注者",
            "被关注者",
            "信任",
        ],
    ),
    (Role::Property, &["property"]),
    (Role::Value, &["value"]),
];

/// A name without blanks, signs and case.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How well a name is known for a role, 0 the best; `None` where it is not.
pub(super) fn rank(name: &str, role: Role) -> Option<usize> {
    let plain = plain(name);
    let (_, names) = NAMES.iter().find(|(own, _)| *own == role)?;
    names.iter().position(|own| *own == plain)
}

/// Whether a name is known for any role.
pub(super) fn is_known(name: &str) -> bool {
    NAMES.iter().any(|&(role, _)| rank(name, role).is_some())
}

/// Order in which several columns with a domain are asked: speaking names before numbers, unknown names last.
pub(in crate::ingest) fn domain_rank(name: &str) -> usize {
    rank(name, Role::Domain).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_however_they_are_written() {
        for (name, role) in [
            ("User-ID", Role::User),
            ("userId", Role::User),
            ("用户 ID", Role::User),
            ("items[].item_id", Role::Item),
            ("Event Time", Role::Time),
            ("行为类型", Role::Kind),
        ] {
            assert!(rank(name, role).is_some(), "{name}");
        }
        assert!(!is_known("sales_value") && !is_known(""));
        assert!(domain_rank("category_code") < domain_rank("category_id"));
    }

    #[test]
    fn no_name_stands_for_two_roles() {
        for (role, names) in NAMES {
            for name in names {
                let roles = NAMES.iter().filter(|(_, names)| names.contains(name)).count();
                assert_eq!(roles, 1, "{name} of {role:?}");
            }
        }
    }
}
