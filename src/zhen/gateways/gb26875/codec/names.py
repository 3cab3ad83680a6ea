"""What the numbers of the standard mean, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from zhen.gateways.gb26875.codec.application import Type


class Name(NamedTuple):
    """A name in both languages."""

    english: str
    chinese: str


class Bit(NamedTuple):
    """What one bit of a state says. `code` is the metric it becomes."""

    code: str
    english: str
    chinese: str


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """What an analog reading measures: its metric, its unit, and what one step is worth."""

    code: str
    name: Name
    unit: str
    step: float
    decimals: int

    def value(self, reading: int) -> float:
        return round(reading * self.step, self.decimals)


COMMANDS = {
    1: Name("Control", "控制命令"),
    2: Name("Send data", "发送数据"),
    3: Name("Acknowledge", "确认"),
    4: Name("Ask", "请求"),
    5: Name("Answer", "应答"),
    6: Name("Refuse", "否认"),
}

TYPES: Mapping[int, Name] = {
    Type.SYSTEM_STATE: Name("System state", "上传建筑消防设施系统状态"),
    Type.COMPONENT_STATE: Name("Component state", "上传建筑消防设施部件运行状态"),
    Type.ANALOG: Name("Component analog value", "上传建筑消防设施部件模拟量值"),
    Type.SYSTEM_OPERATION: Name("System operation", "上传建筑消防设施操作信息"),
    Type.SYSTEM_VERSION: Name("System software version", "上传建筑消防设施软件版本"),
    Type.SYSTEM_CONFIGURATION: Name("System configuration", "上传建筑消防设施系统配置情况"),
    Type.COMPONENT_CONFIGURATION: Name("Component configuration", "上传建筑消防设施部件配置情况"),
    Type.SYSTEM_TIME: Name("System time", "上传建筑消防设施系统时间"),
    Type.DEVICE_STATE: Name("Transmission device state", "上传用户信息传输装置运行状态"),
    Type.DEVICE_OPERATION: Name("Transmission device operation", "上传用户信息传输装置操作信息"),
    Type.DEVICE_VERSION: Name("Transmission device software version", "上传用户信息传输装置软件版本"),
    Type.DEVICE_CONFIGURATION: Name("Transmission device configuration", "上传用户信息传输装置配置情况"),
    Type.DEVICE_TIME: Name("Transmission device time", "上传用户信息传输装置系统时间"),
    Type.ASK_SYSTEM_STATE: Name("Ask for system state", "读建筑消防设施系统状态"),
    Type.ASK_COMPONENT_STATE: Name("Ask for component state", "读建筑消防设施部件运行状态"),
    Type.ASK_ANALOG: Name("Ask for component analog value", "读建筑消防设施部件模拟量值"),
    Type.ASK_SYSTEM_OPERATIONS: Name("Ask for system operations", "读建筑消防设施操作信息"),
    Type.ASK_SYSTEM_VERSION: Name("Ask for system software version", "读建筑消防设施软件版本"),
    Type.ASK_SYSTEM_CONFIGURATION: Name("Ask for system configuration", "读建筑消防设施系统配置情况"),
    Type.ASK_COMPONENT_CONFIGURATION: Name("Ask for component configuration", "读建筑消防设施部件配置情况"),
    Type.ASK_SYSTEM_TIME: Name("Ask for system time", "读建筑消防设施系统时间"),
    Type.ASK_DEVICE_STATE: Name("Ask for transmission device state", "读用户信息传输装置运行状态"),
    Type.ASK_DEVICE_OPERATIONS: Name("Ask for transmission device operations", "读用户信息传输装置操作信息记录"),
    Type.ASK_DEVICE_VERSION: Name("Ask for transmission device software version", "读用户信息传输装置软件版本"),
    Type.ASK_DEVICE_CONFIGURATION: Name("Ask for transmission device configuration", "读用户信息传输装置配置情况"),
    Type.ASK_DEVICE_TIME: Name("Ask for transmission device time", "读用户信息传输装置系统时间"),
    Type.RESET_DEVICE: Name("Reset the transmission device", "初始化用户信息传输装置"),
    Type.SET_CLOCK: Name("Set the clock", "同步用户信息传输装置时钟"),
    Type.DUTY_CHECK: Name("Duty check", "查岗命令"),
}

SYSTEMS = {
    0: Name("General", "通用"),
    1: Name("Fire alarm system", "火灾报警系统"),
    10: Name("Fire control linkage", "消防联动控制器"),
    11: Name("Hydrant system", "消火栓系统"),
    12: Name("Sprinkler system", "自动喷水灭火系统"),
    13: Name("Gas extinguishing system", "气体灭火系统"),
    14: Name("Water spray system, by pump", "水喷雾灭火系统(泵启动方式)"),
    15: Name("Water spray system, by pressure vessel", "水喷雾灭火系统(压力容器启动方式)"),
    16: Name("Foam extinguishing system", "泡沫灭火系统"),
    17: Name("Powder extinguishing system", "干粉灭火系统"),
    18: Name("Smoke control system", "防烟排烟系统"),
    19: Name("Fire doors and shutters", "防火门及卷帘系统"),
    20: Name("Fire lift", "消防电梯"),
    21: Name("Emergency broadcast", "消防应急广播"),
    22: Name("Emergency lighting and signs", "消防应急照明和疏散指示系统"),
    23: Name("Fire power supply", "消防电源"),
    24: Name("Fire telephone", "消防电话"),
}

COMPONENTS = {
    0: Name("General", "通用"),
    1: Name("Fire alarm control unit", "火灾报警控制器"),
    10: Name("Combustible gas detector", "可燃气体探测器"),
    11: Name("Combustible gas detector, point", "点型可燃气体探测器"),
    12: Name("Combustible gas detector, stand-alone", "独立式可燃气体探测器"),
    13: Name("Combustible gas detector, line", "线型可燃气体探测器"),
    16: Name("Electrical fire monitor", "电气火灾监控报警器"),
    17: Name("Residual current monitor", "剩余电流式电气火灾监控探测器"),
    18: Name("Temperature monitor of electrical fire", "测温式电气火灾监控探测器"),
    21: Name("Detection loop", "探测回路"),
    22: Name("Fire display panel", "火灾显示盘"),
    23: Name("Manual call point", "手动火灾报警按钮"),
    24: Name("Hydrant button", "消火栓按钮"),
    25: Name("Fire detector", "火灾探测器"),
    30: Name("Heat detector", "感温火灾探测器"),
    31: Name("Heat detector, point", "点型感温火灾探测器"),
    32: Name("Heat detector, point, type S", "点型感温火灾探测器(S型)"),
    33: Name("Heat detector, point, type R", "点型感温火灾探测器(R型)"),
    34: Name("Heat detector, line", "线型感温火灾探测器"),
    35: Name("Heat detector, line, type S", "线型感温火灾探测器(S型)"),
    36: Name("Heat detector, line, type R", "线型感温火灾探测器(R型)"),
    37: Name("Heat detector, fibre", "光纤感温火灾探测器"),
    40: Name("Smoke detector", "感烟火灾探测器"),
    41: Name("Smoke detector, ionisation", "点型离子感烟火灾探测器"),
    42: Name("Smoke detector, photoelectric", "点型光电感烟火灾探测器"),
    43: Name("Smoke detector, beam", "线型光束感烟火灾探测器"),
    44: Name("Smoke detector, aspirating", "吸气式感烟火灾探测器"),
    50: Name("Combined detector", "复合式火灾探测器"),
    51: Name("Combined detector, smoke and heat", "复合式感烟感温火灾探测器"),
    52: Name("Combined detector, light and heat", "复合式感光感温火灾探测器"),
    53: Name("Combined detector, light and smoke", "复合式感光感烟火灾探测器"),
    61: Name("Flame detector, ultraviolet", "紫外火焰探测器"),
    62: Name("Flame detector, infrared", "红外火焰探测器"),
    69: Name("Flame detector", "感光火灾探测器"),
    74: Name("Gas detector", "气体探测器"),
    78: Name("Image fire detector", "图像摄像方式火灾探测器"),
    79: Name("Acoustic fire detector", "感声火灾探测器"),
    81: Name("Gas extinguishing control unit", "气体灭火控制器"),
    82: Name("Electrical control of fire equipment", "消防电气控制装置"),
    83: Name("Control room display", "消防控制室图形显示装置"),
    84: Name("Module", "模块"),
    85: Name("Input module", "输入模块"),
    86: Name("Output module", "输出模块"),
    87: Name("Input and output module", "输入/输出模块"),
    88: Name("Relay module", "中继模块"),
    91: Name("Fire pump", "消防水泵"),
    92: Name("Fire water tank", "消防水箱"),
    95: Name("Sprinkler pump", "喷淋泵"),
    96: Name("Water flow indicator", "水流指示器"),
    97: Name("Signal valve", "信号阀"),
    98: Name("Alarm valve", "报警阀"),
    99: Name("Pressure switch", "压力开关"),
    101: Name("Valve actuator", "阀驱动装置"),
    102: Name("Fire door", "防火门"),
    103: Name("Fire damper", "防火阀"),
    104: Name("Ventilation", "通风空调"),
    105: Name("Foam pump", "泡沫液泵"),
    106: Name("Pipe solenoid valve", "管网电磁阀"),
    111: Name("Smoke fan", "防烟排烟风机"),
    113: Name("Smoke damper", "排烟防火阀"),
    114: Name("Closed air inlet", "常闭送风口"),
    115: Name("Smoke outlet", "排烟口"),
    116: Name("Smoke curtain", "电控挡烟垂壁"),
    117: Name("Fire shutter control unit", "防火卷帘控制器"),
    118: Name("Fire door monitor", "防火门监控器"),
    121: Name("Alarm sounder", "警报装置"),
}

QUANTITIES = {
    1: Quantity(code="events", name=Name("Count of events", "事件计数"), unit="", step=1, decimals=0),
    2: Quantity(code="height", name=Name("Height", "高度"), unit="m", step=0.01, decimals=2),
    3: Quantity(code="temperature", name=Name("Temperature", "温度"), unit="°C", step=0.1, decimals=1),
    4: Quantity(code="pressure_mpa", name=Name("Pressure", "压力"), unit="MPa", step=0.1, decimals=1),
    5: Quantity(code="pressure_kpa", name=Name("Pressure", "压力"), unit="kPa", step=0.1, decimals=1),
    6: Quantity(code="gas", name=Name("Gas concentration", "气体浓度"), unit="%LEL", step=0.1, decimals=1),
    7: Quantity(code="seconds", name=Name("Time", "时间"), unit="s", step=1, decimals=0),
    8: Quantity(code="voltage", name=Name("Voltage", "电压"), unit="V", step=0.1, decimals=1),
    9: Quantity(code="current", name=Name("Current", "电流"), unit="A", step=0.1, decimals=1),
    10: Quantity(code="flow", name=Name("Flow", "流量"), unit="L/s", step=0.1, decimals=1),
    11: Quantity(code="air_flow", name=Name("Air flow", "风量"), unit="m³/min", step=0.1, decimals=1),
    12: Quantity(code="air_speed", name=Name("Air speed", "风速"), unit="m/s", step=1, decimals=0),
}

_COMMON = {
    0: Bit("normal", "Normal", "正常运行"),
    1: Bit("fire", "Fire", "火警"),
    2: Bit("fault", "Fault", "故障"),
    3: Bit("shielded", "Shielded", "屏蔽"),
    4: Bit("supervisory", "Supervisory", "监管"),
    5: Bit("started", "Started", "启动(开启)"),
    6: Bit("feedback", "Feedback", "反馈"),
    7: Bit("delayed", "Delayed", "延时状态"),
}

SYSTEM_BITS = {
    **_COMMON,
    8: Bit("mains_fault", "Mains fault", "主电故障"),
    9: Bit("backup_fault", "Backup power fault", "备电故障"),
    10: Bit("bus_fault", "Bus fault", "总线故障"),
    11: Bit("manual", "By hand", "手动状态"),
    12: Bit("configuration_changed", "Configuration changed", "配置改变"),
    13: Bit("reset", "Reset", "复位"),
}
"""Bit 0: normal when set; a system under test when clear. Fire counts either way."""

COMPONENT_BITS = {**_COMMON, 8: Bit("power_fault", "Power fault", "电源故障")}

DEVICE_BITS = {
    0: Bit("normal", "Normal", "正常监视"),
    1: Bit("fire", "Fire", "火警"),
    2: Bit("fault", "Fault", "故障"),
    3: Bit("mains_fault", "Mains fault", "主电故障"),
    4: Bit("backup_fault", "Backup power fault", "备电故障"),
    5: Bit("channel_fault", "Channel to the centre faulty", "与监控中心通信信道故障"),
    6: Bit("line_fault", "Monitored line faulty", "监测连接线路故障"),
}

_OPERATIONS = {
    0: Bit("reset", "Reset", "复位"),
    1: Bit("muted", "Muted", "消音"),
    2: Bit("manual_alarm", "Alarm by hand", "手动报警"),
    3: Bit("alarm_cleared", "Alarm cleared", "警情消除"),
    4: Bit("self_test", "Self-test", "自检"),
}
SYSTEM_OPERATION_BITS = {
    **_OPERATIONS,
    5: Bit("confirmed", "Confirmed", "确认"),
    6: Bit("test", "Test", "测试"),
}
DEVICE_OPERATION_BITS = {
    **_OPERATIONS,
    5: Bit("duty_reply", "Duty check answered", "查岗应答"),
    6: Bit("test", "Test", "测试"),
}


def bits(state: int, table: Mapping[int, Bit]) -> list[Bit]:
    """The bits that are set; unnamed ones as `bit_15`."""
    return [
        table.get(number, Bit(f"bit_{number}", f"Bit {number}", f"第{number}位"))
        for number in range(state.bit_length())
        if state >> number & 1
    ]


def name_of(code: int, table: Mapping[int, Name]) -> Name:
    """The name of a code; codes from 128 on belong to users."""
    return table.get(code) or (
        Name(f"Own code {code}", f"用户自定义 {code}") if code >= 128 else Name(f"Reserved {code}", f"预留 {code}")
    )
