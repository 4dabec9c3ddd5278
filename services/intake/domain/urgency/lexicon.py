"""Words by what they tell of: what a sentence brings together says more than each word."""

LEXICON: dict[str, str] = {
    "child": (
        "孩 娃 婴 宝宝 儿童 学生 女儿 儿子 小朋友 幼儿园 小学 中学 新生儿 姑娘 弟弟 妹妹 同学 baby child "
        "son daughter pupils kid"
    ),
    "old": (
        "老人 爷爷 奶奶 老太 老伯 阿姨 大爷 大妈 外婆 外公 老头 父亲 母亲 爸 妈 老奶 老伴 老汉 阿嬷 爷 "
        "old grandmother mother father"
    ),
    "who": (
        "人 工人 司机 工友 男的 女的 女子 男子 小伙 同事 他 她 乘客 保安 孕妇 产妇 员工 路人 骑手 女生 "
        "男生 哥 姐 老公 老婆 丈夫 妻子 住户 村民 顾客 师傅 患者 男人 女人 man woman someone people "
        "husband friend person he she"
    ),
    "body": (
        "血 头上 脸 腿 胳膊 脖子 胸口 嘴 眼睛 喉咙 肚子 后脑 身子 手指 手腕 舌头 脑袋 鼻 手脚 骨 身上 头破 blood chest"
    ),
    "harm": (
        "血泊 穿透 插进 绞 碾 轧 卷到 脸通红 要生了 冒汗 老鼠药 下药 吞了 送医院 打滚 站不稳 冻 没浮 "
        "不清楚 半边 说胡话 发麻 一麻 都吐 肿得 晕 昏 抽搐 一直抽 喘 没气 没呼吸 不醒 不动 动不了 动不 "
        "发紫 发青 都紫 煞白 冰凉 肿 烫伤 烧伤 吐 呕 拉肚子 腹泻 发烧 高烧 休克 噎 卡喉 呛 窒息 中毒 "
        "骨折 断了 摔 栽 流血 出血 奄奄 不行了 死 恶心 疼 痛 站不住 起不来 没反应 没动静 没有反应 没意识 "
        "没有意识 白沫 冻僵 中风 心跳 过敏 抽筋 受伤 遇难 伤 倒地 倒在 倒下 躺 垂危 不省人事 难受 喊不 "
        "叫不 说不出 没知觉 breathe breathing bleeding unconscious collapsed hurt pain dizzy vomiting"
    ),
    "attack": (
        "捆 不让我下 撞人 往人 人堆 人群里 堵着门 扇 按在 揪 灭门 满门 跟踪 尾随 传销 扣了身份 放话 "
        "拉横幅 堵门 被扣 打断 打人 殴 砍 捅 刺伤 掐 勒 踢 踹 抢 泼 拖 绑 扎 围着 劈 推 杀 扒 撬 揍 家暴 "
        "打我 打他 打她 打老 打孩 打起 打得 打成 打伤 被打 挨打 施暴 强奸 劫 虐 威胁 恐吓 追着 追我 闯进 "
        "冲进 锁在 绑架 拽 捂 惨叫 不让走 不让出 attack chasing break knife"
    ),
    "weapon": "刀 枪 棍 斧 锤 钢管 铁管 酒瓶 啤酒瓶 汽油 打火机 锄头 炸弹 雷管 炸药 子弹 砖头 皮带 开水 gun axe",
    "fire": "点着 火星 冒火 滋滋 烫手 火舌 着了 噼啪 打火 轰 火 烟 烧 火花 冒烟 焦 爆 炸 燃 巨响 fire smoke burning",
    "gas": (
        "往外喷 喷气 氯气 酸雾 白雾 卸油 油洒 一滩油 热气 下药 煤气 燃气 天然气 气罐 瓦斯 液化气 气瓶 漏 "
        "氨 氯 硫酸 废酸 毒 农药 药水 罐车 泄 刺鼻 呛 怪味 臭鸡蛋 gas leak"
    ),
    "falls": (
        "散了 往下掉 鼓 往外斜 嘎吱 咯吱 掏空 窟窿 屋顶飞 轰隆 撑不住 垂 缺口 咔 塌 垮 倒了 掉下 掉进 "
        "掉到 裂 歪 陷 砸 晃 滑下 滑进 滚 下沉 崩 断了 翻 坠 摔下 跌 栽进 掀 collapsed fell"
    ),
    "built": (
        "挡土墙 屋架 楼板 屋梁 桥墩 脚手架 大坝 水坝 坝上 沟槽 楼 房 屋 墙 桥 路面 马路 坡 山 架 塔吊 "
        "阳台 天花板 屋顶 坑 洞 堤 坝 招牌 广告牌 工地 矿 隧道 基坑 围墙 地面 ceiling bridge wall"
    ),
    "water": (
        "漩涡 吸走 漫过 渗 涨到 涨水 冒水 喷水 倒灌 渗水 灌 水涨 水里 河 江 湖 塘 井 水库 海 冰 沟 洪水 "
        "浪 粪 溺 落水 池 水坑 漂 沉 冲走 淹 积水 river water well"
    ),
    "held": (
        "捞 一个人在 被压 底下压 压着 有人在底下 门口有人看 手机被收 陷 缆车 悬 出不来 上不来 没上来 捞 "
        "困 下不来 出不去 反锁 关着 关在 卡在 卡住 夹住 压住 压着 压在 埋 被压 堵在 电梯 锁着 挂在 "
        "里面有 里面还 stuck locked trapped"
    ),
    "height": "楼顶 天台 窗台 塔 栏杆 桥上 桥边 崖 护栏 楼上 窗 江边 轨 高空 roof",
    "current": "线头 麻手 一摸就麻 开关 电线 高压 变压器 漏电 触电 带电 电到 电倒 配电 电缆 插座 electric cable",
    "vehicle": (
        "逆行 刹车 急刹 渣土车 追尾 相撞 车底 轮子 车 客车 公交 火车 高速 校车 船 摩托 骑车 司机 飞机 car bus truck"
    ),
    "supply": "停水 停电 断水 断电 没水 没电 停暖 停气 暖气 没有水 没有电 制氧 呼吸机 氧气 no water",
    "days": (
        "三天 四天 五天 六天 七天 八天 十天 好几天 一个星期 一周 一个礼拜 第三天 第四天 第五天 第六天 好多天 days week"
    ),
    "many": "三十多 二十多 都跑 几十 十几 几百 上百 好多 很多 全村 全家 一群 一家 二十 三十 全班 一大 几千 都在 所有",
    "lost": (
        "孩子没了 跑出去 抱跑 没下山 天都黑 两天没出门 三天没开门 没动静 留了字条 敲门 没到家 女儿不见 "
        "拉上 牵走 接走 不见 走丢 走失 失踪 找不到 找不着 没回 联系不上 丢了 跑丢 抱走 接走 牵走 带走 "
        "打不通 不接 离家 不知道在哪 失联 拐 走散 没消息 没有消息 missing lost"
    ),
    "farewell": (
        "一了百了 不回来了 离开这个世界 送人了 想不开 死给 同归于尽 天台 不想活 活着 对不起 再见 遗书 "
        "来生 自杀 轻生 跳下 要跳 跳楼 割 绳子 安眠药 吃了一 吞 喝了 上吊 寻死 jump pills"
    ),
    "animal": "狮子 猴 野狗 狗 蛇 熊 野猪 蜂 牛 狼 老虎 豹 dog snake",
    "bites": "咬 蜇 扑 顶人 叼 伤人 biting",
    "now": "快 救 现在 刚 突然 马上 正在 正往 还在 一直 今天 今早 今晚 越来越 已经 往外 往下 help now still hurry",
    "dear": "费 钱 元 补贴 补助 收费 退 赔 价 贵 工资 押金 补偿 罚 涨 资金 发票 保险 贷款",
    "paper": (
        "证 办 手续 申请 审批 名额 报名 公示 材料 预约 合同 窗口 户口 登记 档案 政策 规定 名单 培训 讲座 "
        "招聘 考试 演练 公告 报告 系统"
    ),
    "nuisance": "吵 噪音 臭 脏 乱 油烟 停车 排队 垃圾 占道 违建 扰民 广告 音响 味道 灰尘 污染 异味 施工 装修 摊 跳舞",
    "service": "物业 客服 快递 业主 开发商 老师 医院 学校 社区 村干部 公司 老板 商家 房东 中介 平台 店 部门 领导",
}
"""Class → words. Nothing is judged by one of them: the model learns what each, and each two together, are worth."""

DANGERS = frozenset(
    [
        "harm",
        "attack",
        "weapon",
        "fire",
        "gas",
        "falls",
        "water",
        "held",
        "height",
        "current",
        "supply",
        "lost",
        "farewell",
        "animal",
        "bites",
    ]
)
"""Classes of which a title names at least one before it is looked at further."""
