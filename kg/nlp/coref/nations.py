"""The states of the world as texts name them: other names, demonyms and the capital that stands for a government.

One line a state: names | demonyms | capitals (only those that newspapers use for the government), each separated
by commas; the first name is the key under which all are joined. The table knows spellings and nothing else:
no dates, no leaders, no programmes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from kg.namespaces import name_key

_TABLE: Final = """
United States, United States of America, U.S., US, USA, U.S.A., America, U.S | American, Americans | Washington
United Kingdom, UK, U.K., Great Britain, Britain, U.K, United Kingdom of Great Britain and Northern Ireland | British, Briton, Britons | London
Russia, Russian Federation, Russia Federation | Russian, Russians | Moscow, Kremlin
China, People's Republic of China, PRC, P.R.C., mainland China | Chinese | Beijing
North Korea, Democratic People's Republic of Korea, DPRK, D.P.R.K. | North Korean, North Koreans | Pyongyang
South Korea, Republic of Korea, ROK | South Korean, South Koreans | Seoul
Iran, Islamic Republic of Iran | Iranian, Iranians | Tehran
Iraq, Republic of Iraq | Iraqi, Iraqis | Baghdad
Syria, Syrian Arab Republic | Syrian, Syrians | Damascus
Lebanon, Lebanese Republic | Lebanese | Beirut
Israel, State of Israel | Israeli, Israelis | Jerusalem
Turkey, Türkiye, Turkiye, Republic of Turkey, Republic of Türkiye | Turkish, Turk, Turks | Ankara
Ukraine | Ukrainian, Ukrainians | Kyiv, Kiev
Belarus, Republic of Belarus | Belarusian, Belarusians, Belarussian | Minsk
Venezuela, Bolivarian Republic of Venezuela | Venezuelan, Venezuelans | Caracas
Cuba, Republic of Cuba | Cuban, Cubans | Havana
Nicaragua, Republic of Nicaragua | Nicaraguan, Nicaraguans | Managua
Burma, Myanmar, Myanmar/Burma, Burma/Myanmar, Union of Myanmar, Republic of the Union of Myanmar | Burmese, Myanmarese | Naypyidaw
Afghanistan, Islamic Republic of Afghanistan | Afghan, Afghans | Kabul
Pakistan, Islamic Republic of Pakistan | Pakistani, Pakistanis | Islamabad
India, Republic of India | Indian, Indians | New Delhi
Saudi Arabia, Kingdom of Saudi Arabia, KSA | Saudi, Saudis, Saudi Arabian | Riyadh
United Arab Emirates, UAE, U.A.E. | Emirati, Emiratis | Abu Dhabi
Qatar, State of Qatar | Qatari, Qataris | Doha
Kuwait, State of Kuwait | Kuwaiti, Kuwaitis |
Bahrain, Kingdom of Bahrain | Bahraini, Bahrainis | Manama
Oman, Sultanate of Oman | Omani, Omanis |
Yemen, Republic of Yemen | Yemeni, Yemenis | Sanaa
Jordan, Hashemite Kingdom of Jordan | Jordanian, Jordanians | Amman
Egypt, Arab Republic of Egypt | Egyptian, Egyptians | Cairo
Libya, Libyan Arab Jamahiriya, State of Libya | Libyan, Libyans | Tripoli
Tunisia, Republic of Tunisia | Tunisian, Tunisians | Tunis
Algeria | Algerian, Algerians | Algiers
Morocco, Kingdom of Morocco | Moroccan, Moroccans | Rabat
Sudan, Republic of the Sudan, Republic of Sudan | Sudanese | Khartoum
South Sudan, Republic of South Sudan | South Sudanese | Juba
Somalia, Federal Republic of Somalia | Somali, Somalis | Mogadishu
Ethiopia | Ethiopian, Ethiopians | Addis Ababa
Eritrea, State of Eritrea | Eritrean, Eritreans | Asmara
Djibouti | Djiboutian, Djiboutians |
Kenya, Republic of Kenya | Kenyan, Kenyans | Nairobi
Uganda, Republic of Uganda | Ugandan, Ugandans | Kampala
Tanzania, United Republic of Tanzania | Tanzanian, Tanzanians |
Rwanda, Republic of Rwanda | Rwandan, Rwandans | Kigali
Burundi, Republic of Burundi | Burundian, Burundians |
Democratic Republic of the Congo, DRC, DR Congo, D.R.C., Democratic Republic of Congo, Congo-Kinshasa | Congolese | Kinshasa
Republic of the Congo, Congo-Brazzaville, Republic of Congo | | Brazzaville
Central African Republic, CAR, C.A.R. | Central African | Bangui
Chad, Republic of Chad | Chadian, Chadians |
Niger, Republic of Niger | Nigerien, Nigeriens | Niamey
Nigeria, Federal Republic of Nigeria | Nigerian, Nigerians | Abuja
Mali, Republic of Mali | Malian, Malians | Bamako
Mauritania | Mauritanian, Mauritanians | Nouakchott
Senegal | Senegalese | Dakar
The Gambia, Gambia | Gambian, Gambians | Banjul
Guinea, Republic of Guinea | Guinean, Guineans | Conakry
Guinea-Bissau, Republic of Guinea-Bissau | | Bissau
Equatorial Guinea | Equatoguinean | Malabo
Sierra Leone | Sierra Leonean, Sierra Leoneans | Freetown
Liberia, Republic of Liberia | Liberian, Liberians | Monrovia
Côte d'Ivoire, Cote d'Ivoire, Ivory Coast | Ivorian, Ivorians | Abidjan
Ghana | Ghanaian, Ghanaians | Accra
Togo | Togolese |
Benin | Beninese |
Burkina Faso | Burkinabe | Ouagadougou
Cameroon | Cameroonian, Cameroonians |
Gabon | Gabonese |
Angola | Angolan, Angolans | Luanda
Zambia | Zambian, Zambians |
Zimbabwe, Republic of Zimbabwe | Zimbabwean, Zimbabweans | Harare
Mozambique | Mozambican, Mozambicans |
Malawi | Malawian, Malawians |
Namibia | Namibian, Namibians |
Botswana | Botswanan |
South Africa, Republic of South Africa | South African, South Africans | Pretoria
Madagascar | Malagasy |
Mauritius | Mauritian, Mauritians |
Seychelles | Seychellois |
Comoros | Comorian |
Lesotho | |
Eswatini, Swaziland | |
Cape Verde, Cabo Verde | Cape Verdean |
Germany, Federal Republic of Germany | German, Germans | Berlin
West Germany | West German, West Germans |
East Germany, German Democratic Republic, GDR | East German, East Germans |
France, French Republic | French, Frenchman | Paris
Italy, Italian Republic | Italian, Italians | Rome
Spain, Kingdom of Spain | Spanish, Spaniard | Madrid
Portugal | Portuguese | Lisbon
Netherlands, Kingdom of the Netherlands, Holland | Dutch, Dutchman | The Hague
Belgium, Kingdom of Belgium | Belgian, Belgians | Brussels
Luxembourg | Luxembourger |
Switzerland, Swiss Confederation | Swiss | Bern
Austria, Republic of Austria | Austrian, Austrians | Vienna
Liechtenstein | Liechtensteiner |
Monaco | Monegasque |
Ireland, Republic of Ireland | Irish, Irishman | Dublin
Denmark, Kingdom of Denmark | Danish, Dane, Danes | Copenhagen
Norway, Kingdom of Norway | Norwegian, Norwegians | Oslo
Sweden, Kingdom of Sweden | Swedish, Swede, Swedes | Stockholm
Finland, Republic of Finland | Finnish, Finn, Finns | Helsinki
Iceland | Icelandic, Icelander |
Poland, Republic of Poland | Polish, Pole, Poles | Warsaw
Czech Republic, Czechia | Czech, Czechs | Prague
Czechoslovakia | Czechoslovak |
Slovakia, Slovak Republic | Slovak, Slovaks | Bratislava
Hungary | Hungarian, Hungarians | Budapest
Romania | Romanian, Romanians | Bucharest
Bulgaria | Bulgarian, Bulgarians | Sofia
Greece, Hellenic Republic | Greek, Greeks | Athens
Cyprus, Republic of Cyprus | Cypriot, Cypriots | Nicosia
Malta | Maltese | Valletta
Serbia, Republic of Serbia | Serbian, Serb, Serbs, Serbians | Belgrade
Montenegro | Montenegrin, Montenegrins | Podgorica
Bosnia and Herzegovina, Bosnia, BiH, Bosnia-Herzegovina | Bosnian, Bosnians | Sarajevo
Croatia | Croatian, Croat, Croats, Croatians | Zagreb
Slovenia | Slovenian, Slovene | Ljubljana
Kosovo | Kosovar, Kosovars | Pristina
North Macedonia, Macedonia, Former Yugoslav Republic of Macedonia, FYROM | Macedonian, Macedonians | Skopje
Albania | Albanian, Albanians | Tirana
Yugoslavia, Federal Republic of Yugoslavia, FRY, Federal Republic of Yugoslavia (Serbia and Montenegro) | Yugoslav, Yugoslavian |
Moldova, Republic of Moldova | Moldovan, Moldovans | Chisinau
Estonia | Estonian, Estonians | Tallinn
Latvia | Latvian, Latvians | Riga
Lithuania | Lithuanian, Lithuanians | Vilnius
Georgia | Georgian, Georgians | Tbilisi
Armenia | Armenian, Armenians | Yerevan
Azerbaijan | Azerbaijani, Azerbaijanis, Azeri | Baku
Kazakhstan, Republic of Kazakhstan | Kazakh, Kazakhs, Kazakhstani | Astana
Kyrgyzstan, Kyrgyz Republic | Kyrgyz, Kyrgyzstani | Bishkek
Tajikistan | Tajik, Tajiks, Tajikistani | Dushanbe
Turkmenistan | Turkmen | Ashgabat
Uzbekistan | Uzbek, Uzbeks, Uzbekistani | Tashkent
Mongolia | Mongolian, Mongolians | Ulaanbaatar
Soviet Union, USSR, U.S.S.R., Union of Soviet Socialist Republics | Soviet, Soviets |
Japan | Japanese | Tokyo
Taiwan, Republic of China, ROC | Taiwanese | Taipei
Vietnam, Viet Nam, Socialist Republic of Vietnam | Vietnamese | Hanoi
Laos, Lao People's Democratic Republic, Lao PDR | Laotian, Laotians | Vientiane
Cambodia, Kingdom of Cambodia | Cambodian, Cambodians | Phnom Penh
Thailand, Kingdom of Thailand | Thai, Thais | Bangkok
Malaysia | Malaysian, Malaysians | Kuala Lumpur
Singapore, Republic of Singapore | Singaporean, Singaporeans |
Indonesia, Republic of Indonesia | Indonesian, Indonesians | Jakarta
Philippines, Republic of the Philippines, The Philippines | Philippine, Filipino, Filipinos, Filipina | Manila
Brunei, Brunei Darussalam | Bruneian |
Timor-Leste, East Timor | Timorese |
Papua New Guinea | Papua New Guinean |
Sri Lanka | Sri Lankan, Sri Lankans | Colombo
Bangladesh | Bangladeshi, Bangladeshis | Dhaka
Nepal | Nepali, Nepalese | Kathmandu
Bhutan | Bhutanese |
Maldives, The Maldives | Maldivian, Maldivians |
Australia, Commonwealth of Australia | Australian, Australians | Canberra
New Zealand | New Zealander, New Zealanders | Wellington
Fiji | Fijian, Fijians |
Samoa | Samoan |
Tonga | Tongan |
Vanuatu | |
Palau | Palauan |
Marshall Islands | Marshallese |
Kiribati | |
Tuvalu | |
Solomon Islands | |
Canada | Canadian, Canadians | Ottawa
Mexico, United Mexican States | Mexican, Mexicans | Mexico City
Guatemala | Guatemalan, Guatemalans |
Belize | Belizean, Belizeans |
Honduras | Honduran, Hondurans | Tegucigalpa
El Salvador | Salvadoran, Salvadorans, Salvadorian | San Salvador
Costa Rica | Costa Rican, Costa Ricans |
Panama, Republic of Panama | Panamanian, Panamanians |
Colombia, Republic of Colombia | Colombian, Colombians | Bogota, Bogotá
Ecuador | Ecuadorian, Ecuadorians, Ecuadorean | Quito
Peru | Peruvian, Peruvians | Lima
Bolivia, Plurinational State of Bolivia | Bolivian, Bolivians | La Paz
Chile | Chilean, Chileans | Santiago
Argentina | Argentine, Argentinian, Argentines, Argentinians | Buenos Aires
Uruguay | Uruguayan, Uruguayans | Montevideo
Paraguay | Paraguayan, Paraguayans | Asuncion
Brazil, Federative Republic of Brazil | Brazilian, Brazilians | Brasilia, Brasília
Guyana | Guyanese |
Suriname | Surinamese |
Haiti, Republic of Haiti | Haitian, Haitians | Port-au-Prince
Dominican Republic | |
Dominica | |
Jamaica | Jamaican, Jamaicans | Kingston
Trinidad and Tobago | Trinidadian |
Bahamas, The Bahamas | Bahamian, Bahamians | Nassau
Barbados | Barbadian |
Saint Kitts and Nevis, St. Kitts and Nevis | |
Saint Lucia, St. Lucia | |
Saint Vincent and the Grenadines, St. Vincent and the Grenadines | |
Antigua and Barbuda | |
Grenada | Grenadian |
Andorra | Andorran |
San Marino | |
Vatican City, Holy See | | Vatican
Palestine, State of Palestine | Palestinian, Palestinians | Ramallah
Hong Kong, Hong Kong SAR | Hong Konger, Hongkonger |
England | English, Englishman |
Scotland | Scottish, Scot, Scots |
Wales | Welsh |
"""  # noqa: E501

#: Places of the table that are no states: their names and demonyms are known, but no government is read into them.
NOT_STATES: Final = frozenset({"Hong Kong", "England", "Scotland", "Wales"})

#: Legal forms, which the folding of names leaves out: "Singapore Company" is no state.
_FIRM: Final = re.compile(r"\b(?:compan(?:y|ies)|co|corp\w*|ltd|limited|inc|s\.?a|ag|llc|plc)\b", re.I)

NAMES: Final[dict[str, str]] = {}
DEMONYMS: Final[dict[str, str]] = {}
CAPITALS: Final[dict[str, str]] = {}

for _line in _TABLE.strip().splitlines():
    _names, _demonyms, _capitals = (
        [part.strip() for part in cell.split(",") if part.strip()] for cell in _line.split("|")
    )
    for _name in _names:
        NAMES.setdefault(name_key(_name.replace("'", "’")), _names[0])
        NAMES.setdefault(name_key(_name), _names[0])
    for _name in _demonyms:
        DEMONYMS[name_key(_name)] = _names[0]
    for _name in _capitals:
        CAPITALS[name_key(_name)] = _names[0]


_OPENING: Final = frozenset(key.split()[0] for key in NAMES if key) | {""}


@lru_cache(maxsize=16384)
def begins_state(word: str) -> bool:
    """Whether some state's name begins with this word; "The" begins one too."""
    return name_key(word) in _OPENING or not word.isalpha()


@lru_cache(maxsize=16384)
def state_of(name: str) -> str | None:
    """The key of the state that `name` names, or None; a demonym or a capital is no name here.

    >>> state_of("the Islamic Republic of Iran")
    'Iran'
    """
    if _FIRM.search(name):
        return None
    return NAMES.get(name_key(name.replace("'", "’"))) or NAMES.get(name_key(name))


@lru_cache(maxsize=16384)
def state_of_demonym(word: str) -> str | None:
    """The key of the state to whose people or things `word` belongs ("Syrian"), or None."""
    return DEMONYMS.get(name_key(word))


@lru_cache(maxsize=16384)
def state_of_capital(name: str) -> str | None:
    """The key of the state whose government newspapers call by this seat ("Pyongyang"), or None."""
    return CAPITALS.get(name_key(name))
