"""Asking, reading, stopping, branching, and losing nothing on the way."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.network import open_network
from tests.e2e.pages.app import App
from tests.support.scripted_model import ScriptedModel

CONDITIONS = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


def test_an_answer_with_a_citation_that_opens_the_passage(ada: App) -> None:
    answer = ada.chat.ask_and_wait("When are the quiet hours? {{say They begin at **ten** [1].}}")
    expect(answer.locator("strong")).to_have_text("ten")
    answer.get_by_role("button", name=re.compile("Source 1:")).first.click()
    expect(ada.chat.sources).to_contain_text("Quiet hours begin at ten in the evening")
    expect(ada.chat.sources.get_by_role("region", name="Cited passage")).to_be_visible()
    ada.page.keyboard.press("Escape")
    expect(ada.chat.sources).to_have_count(0)


def test_a_conversation_has_an_address_and_a_place_in_the_list(ada: App) -> None:
    ada.chat.ask_and_wait("Do hens snore?")
    expect(ada.page).to_have_url(re.compile(r"/c/[\w-]+$"))
    ada.page.reload()
    expect(ada.chat.answers.first).to_contain_text("You asked: Do hens snore?")
    expect(ada.conversations.filter(has_text="Do hens snore?")).to_be_visible()


def test_the_second_question_follows_the_first(ada: App, model: ScriptedModel) -> None:
    ada.chat.ask_and_wait("My name is Ada. {{say Noted.}}")
    ada.chat.ask_and_wait("What is my name? {{say Ada.}}")
    expect(ada.chat.answers).to_have_count(2)
    said = [message["content"] for message in model.requests[-1]["messages"] if message["role"] == "user"]
    assert any("My name is Ada." in str(text) for text in said)


def test_stop_keeps_what_was_written(ada: App) -> None:
    ada.chat.ask("{{words 500}} {{every 40}}")
    expect(ada.chat.answers.last).to_contain_text("word3")
    ada.chat.stop_button.click()
    expect(ada.page.get_by_text("You stopped this answer.")).to_be_visible()
    ada.page.reload()
    expect(ada.chat.answers.last).to_contain_text("word3")
    expect(ada.chat.answers.last).not_to_contain_text("word499")
    expect(ada.page.get_by_text("You stopped this answer.")).to_be_visible()


def test_a_reload_in_the_middle_picks_the_answer_up(ada: App) -> None:
    ada.chat.ask("{{words 90}} {{every 50}}")
    expect(ada.chat.answers.last).to_contain_text("word5")
    ada.page.reload()
    expect(ada.chat.stop_button).to_be_visible()
    expect(ada.chat.answers.last).to_contain_text("word89")
    ada.chat.wait_until_done()
    expect(ada.chat.answers).to_have_count(1)
    assert ada.chat.answers.last.inner_text().count("word42 ") == 1


def test_five_seconds_without_a_network_lose_nothing(ada: App) -> None:
    ada.chat.ask("{{words 120}} {{every 60}}")
    expect(ada.chat.answers.last).to_contain_text("word5")
    network = open_network(ada.page)
    network("Network.emulateNetworkConditions", {**CONDITIONS, "offline": True})
    ada.page.wait_for_timeout(5_000)
    network("Network.emulateNetworkConditions", {**CONDITIONS, "offline": False})
    expect(ada.chat.answers.last).to_contain_text("word119", timeout=30_000)
    ada.chat.wait_until_done()
    assert ada.chat.answers.last.inner_text().count("word42 ") == 1


def test_two_pages_at_once_show_the_same_answer(ada: App) -> None:
    ada.chat.ask("{{words 100}} {{every 50}}")
    expect(ada.chat.answers.last).to_contain_text("word5")
    second = App(ada.page.context.new_page())
    second.chat.open(ada.page.url)
    expect(second.chat.answers.last).to_contain_text("word99")
    expect(ada.chat.answers.last).to_contain_text("word99")
    for app in (ada, second):
        app.chat.wait_until_done()
        expect(app.chat.answers).to_have_count(1)


def test_another_answer_is_a_version_of_its_own(ada: App) -> None:
    ada.chat.ask_and_wait("Tell me. {{say First.}}")
    ada.chat.answer_again()
    answer = ada.chat.answers.last
    expect(answer.get_by_role("group", name="Version")).to_contain_text("2 / 2")
    ada.chat.previous_version(answer)
    expect(answer.get_by_role("group", name="Version")).to_contain_text("1 / 2")
    ada.page.reload()
    expect(ada.chat.answers.last.get_by_role("group", name="Version")).to_contain_text("1 / 2")


def test_an_edited_question_is_a_branch_and_the_old_one_is_kept(ada: App) -> None:
    ada.chat.ask_and_wait("Colour? {{say Red.}}")
    ada.chat.ask_and_wait("Why? {{say Because.}}")
    ada.chat.edit_question(0, "Colour, again? {{say Blue.}}")
    expect(ada.chat.answers).to_have_count(1)
    expect(ada.chat.answers.last).to_contain_text("Blue.")
    ada.chat.wait_until_done()
    expect(ada.chat.questions.first.get_by_role("group", name="Version")).to_contain_text("2 / 2")
    ada.chat.previous_version(ada.chat.questions.first)
    expect(ada.chat.answers).to_have_count(2)
    expect(ada.chat.answers.last).to_contain_text("Because.")


def test_a_failing_model_says_what_to_do_and_the_question_can_be_tried_again(ada: App) -> None:
    ada.chat.ask("Break, please. {{status 429}}")
    alert = ada.page.get_by_role("alert")
    expect(alert).to_contain_text("try again")
    expect(alert).not_to_contain_text("sk-very-secret")
    expect(alert.get_by_role("button", name="Try again")).to_be_visible()
    ada.page.reload()
    expect(ada.page.get_by_role("alert")).to_contain_text("try again")


def test_code_tables_maths_and_reasoning(ada: App) -> None:
    said = "```python\nprint(1)\n```\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nAnd $x^2$."
    answer = ada.chat.ask_and_wait(f"Show. {{{{think I must show it all.}}}} {{{{say {said}}}}}")
    expect(answer.get_by_role("button", name="Copy the code")).to_be_visible()
    expect(answer.get_by_role("cell", name="2")).to_be_visible()
    expect(answer.locator("math")).to_have_count(1)
    answer.get_by_text("Reasoning").click()
    expect(answer).to_contain_text("I must show it all.")


def test_rename_pin_and_delete_a_conversation(ada: App) -> None:
    ada.chat.ask_and_wait("Old name")
    ada.conversation_menu("Old name", "Rename")
    ada.page.get_by_role("textbox", name="Rename").fill("New name")
    ada.page.get_by_role("button", name="Save").click()
    expect(ada.conversations.filter(has_text="New name")).to_be_visible()
    ada.conversation_menu("New name", "Pin")
    expect(ada.page.get_by_role("region", name="Pinned")).to_contain_text("New name")
    ada.conversation_menu("New name", "Delete")
    ada.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(ada.conversations).to_have_count(0)
    expect(ada.page).to_have_url(re.compile("/$"))


def test_nobody_else_can_open_a_conversation(ada: App, new_person: Callable[..., App]) -> None:
    ada.chat.ask_and_wait("A secret. {{say It stays here.}}")
    address = ada.page.url
    bob = new_person("Bob")
    bob.page.goto(address)
    expect(bob.page.get_by_text("This conversation is not here")).to_be_visible()
    expect(bob.conversations).to_have_count(0)


def test_a_draft_survives_a_reload(ada: App) -> None:
    ada.chat.question.fill("half a question")
    ada.page.reload()
    expect(ada.chat.question).to_have_value("half a question")
